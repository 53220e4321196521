/** Puts a question to the server when it is opened, and shows what comes back: in short, and as it is. */

for (const question of document.querySelectorAll('.question'))
  question.addEventListener('toggle', () => {
    if (question.open && question.dataset.asked !== 'yes') answer(question);
  });

async function answer(question) {
  const place = question.querySelector('.answer');
  question.dataset.asked = 'yes';
  place.replaceChildren(element('p', { className: 'status' }, 'Asking ...'));
  try {
    const response = await fetch(question.dataset.url);
    const text = await response.text();
    place.replaceChildren(...shown(response, text, question.querySelector('summary').textContent));
    // What went wrong may go right the next time.
    if (!response.ok) question.dataset.asked = 'no';
  } catch (error) {
    question.dataset.asked = 'no';
    place.replaceChildren(
      element('p', { className: 'status' }, `The server does not answer: ${error.message}`),
    );
  }
}

function shown(response, text, question) {
  const type = response.headers.get('content-type');
  const body = JSON.parse(text);
  const status = element(
    'p',
    { className: 'status' },
    `${response.status} ${response.statusText}, ${type}, `,
  );
  status.append(`${new TextEncoder().encode(text).length.toLocaleString('en')} bytes`);
  const json = element('pre', { tabIndex: 0, role: 'region', ariaLabel: `The answer in JSON: ${question}` });
  json.append(element('code', {}, ...colouredJson(body)));
  return [...inShort(body), status, json];
}

/** Facts by their labels and words, changes by their causes, counts as tables; nothing of whatever else there is. */
function inShort(body) {
  if (!Array.isArray(body.data)) return [];
  if (body.data.every(({ label, evidence }) => label && evidence)) return [factList(body.data)];
  if (body.data.every(({ fact, cause }) => fact && cause)) return [changeList(body.data)];
  if (body.data.every(({ field, values }) => field && values)) return body.data.map(countTable);
  return [];
}

const factList = (facts) =>
  element(
    'ol',
    { className: 'facts' },
    ...facts.map(({ label, evidence }) =>
      element('li', {}, element('strong', {}, label), ...quotations(evidence)),
    ),
  );

/** Single words, such as who speaks, say little by themselves: they are all in the JSON. */
function quotations(evidence) {
  const several = evidence.filter(({ exact }) => exact.includes(' '));
  return (several.length > 0 ? several : evidence).map(quotation);
}

/** The words that carry a fact, among the whole words that stand around them. */
const quotation = ({ prefix, exact, suffix }) =>
  element(
    'blockquote',
    {},
    prefix && `... ${prefix.replace(/^\S*\s/, '')}`,
    element('mark', {}, exact),
    suffix && `${suffix.replace(/\s\S*$/, '')} ...`,
  );

const changeList = (changes) =>
  element(
    'ol',
    { className: 'facts' },
    ...changes.map(({ fact, cause, reason, revision }) =>
      element(
        'li',
        {},
        element('strong', {}, fact.label),
        `: ${cause} in revision ${revision}`,
        reason ? `, ${reason}` : '',
      ),
    ),
  );

const countTable = ({ field, values }) =>
  element(
    'table',
    {},
    element('caption', {}, field),
    ...values.map(({ label, count }) =>
      element('tr', {}, element('th', { scope: 'row' }, label), element('td', {}, String(count))),
    ),
  );

const TOKEN = /("(?:[^"\\]|\\.)*")(:?)|-?\d[\d.eE+-]*|true|false|null/g;

/** The body as indented JSON: paths of the API are links, and the words of evidence are marked. */
function colouredJson(body) {
  const json = JSON.stringify(body, null, 2);
  const pieces = [];
  let at = 0;
  let key = '';
  for (const match of json.matchAll(TOKEN)) {
    const [token, string, colon] = match;
    pieces.push(json.slice(at, match.index));
    at = match.index + token.length;
    if (colon) key = string;
    pieces.push(
      ...(colon ? [element('span', { className: 'key' }, string), ':'] : [value(key, token, string)]),
    );
  }
  return [...pieces, json.slice(at)];
}

function value(key, token, string) {
  if (key === '"exact"') return element('mark', {}, token);
  if (string?.startsWith('"/v1/')) return element('a', { href: JSON.parse(string) }, token);
  return element('span', { className: string ? 'string' : 'literal' }, token);
}

/** Texts are put in as texts: nothing in an answer can become a tag. */
function element(name, properties, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}
