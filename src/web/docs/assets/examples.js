/** Sends the request of a question when it is opened, and shows a summary and the JSON of the response. */

for (const example of document.querySelectorAll('.question'))
  example.addEventListener('toggle', () => {
    if (example.open && example.dataset.requested !== 'yes') showResponse(example);
  });

async function showResponse(example) {
  const container = example.querySelector('.example-response');
  example.dataset.requested = 'yes';
  container.replaceChildren(createElement('p', { className: 'status' }, 'Loading ...'));
  try {
    const response = await fetch(example.dataset.url);
    const text = await response.text();
    container.replaceChildren(
      ...renderResponse(response, text, example.querySelector('summary').textContent),
    );
    // Allows another attempt after an error.
    if (!response.ok) example.dataset.requested = 'no';
  } catch (error) {
    example.dataset.requested = 'no';
    container.replaceChildren(
      createElement('p', { className: 'status' }, `The server did not respond: ${error.message}`),
    );
  }
}

function renderResponse(response, text, question) {
  const type = response.headers.get('content-type');
  const body = JSON.parse(text);
  const status = createElement(
    'p',
    { className: 'status' },
    `${response.status} ${response.statusText}, ${type}, `,
  );
  status.append(`${new TextEncoder().encode(text).length.toLocaleString('en')} bytes`);
  const json = createElement('pre', {
    tabIndex: 0,
    role: 'region',
    ariaLabel: `JSON response: ${question}`,
  });
  json.append(createElement('code', {}, ...renderJson(body)));
  return [...renderSummary(body), status, json];
}

/** Summarizes facts by label and evidence, changes by cause, counts as tables; ignores other responses. */
function renderSummary(body) {
  if (!Array.isArray(body.data)) return [];
  if (body.data.every(({ label, evidence }) => label && evidence)) return [renderFactList(body.data)];
  if (body.data.every(({ fact, cause }) => fact && cause)) return [renderChangeList(body.data)];
  if (body.data.every(({ field, values }) => field && values)) return body.data.map(renderCountTable);
  return [];
}

const renderFactList = (facts) =>
  createElement(
    'ol',
    { className: 'facts' },
    ...facts.map(({ label, evidence }) =>
      createElement('li', {}, createElement('strong', {}, label), ...renderQuotations(evidence)),
    ),
  );

/** Single words, such as the name of a speaker, say little without context; the JSON has them all. */
function renderQuotations(evidence) {
  const longQuotations = evidence.filter(({ exact }) => exact.includes(' '));
  return (longQuotations.length > 0 ? longQuotations : evidence).map(renderQuotation);
}

/** Renders evidence between the complete words of its prefix and suffix. */
const renderQuotation = ({ prefix, exact, suffix }) =>
  createElement(
    'blockquote',
    {},
    prefix && `... ${prefix.replace(/^\S*\s/, '')}`,
    createElement('mark', {}, exact),
    suffix && `${suffix.replace(/\s\S*$/, '')} ...`,
  );

const renderChangeList = (changes) =>
  createElement(
    'ol',
    { className: 'facts' },
    ...changes.map(({ fact, cause, reason, revision }) =>
      createElement(
        'li',
        {},
        createElement('strong', {}, fact.label),
        `: ${cause} in revision ${revision}`,
        reason ? `, ${reason}` : '',
      ),
    ),
  );

const renderCountTable = ({ field, values }) =>
  createElement(
    'table',
    {},
    createElement('caption', {}, field),
    ...values.map(({ label, count }) =>
      createElement(
        'tr',
        {},
        createElement('th', { scope: 'row' }, label),
        createElement('td', {}, String(count)),
      ),
    ),
  );

/** Path or, if the server knows its public URL, absolute URL of the API. */
const API_URL = /^"(https?:\/\/[^"]*)?\/v1\//;

const TOKEN = /("(?:[^"\\]|\\.)*")(:?)|-?\d[\d.eE+-]*|true|false|null/g;

/** Renders the body as indented JSON, with links for API paths and highlighted evidence. */
function renderJson(body) {
  const json = JSON.stringify(body, null, 2);
  const pieces = [];
  let position = 0;
  let key = '';
  for (const match of json.matchAll(TOKEN)) {
    const [token, string, colon] = match;
    pieces.push(json.slice(position, match.index));
    position = match.index + token.length;
    if (colon) key = string;
    pieces.push(
      ...(colon
        ? [createElement('span', { className: 'key' }, string), ':']
        : [renderJsonValue(key, token, string)]),
    );
  }
  return [...pieces, json.slice(position)];
}

function renderJsonValue(key, token, string) {
  if (key === '"exact"') return createElement('mark', {}, token);
  if (API_URL.test(string)) return createElement('a', { href: JSON.parse(string) }, token);
  return createElement('span', { className: string ? 'string' : 'literal' }, token);
}

/** Appends strings as text nodes, so that nothing in a response can become a tag. */
function createElement(name, properties, ...children) {
  const node = Object.assign(document.createElement(name), properties);
  node.append(...children);
  return node;
}
