/**
 * The reading room without reloading: what the pointer or the keyboard is on shows its facts at once, a click keeps them
 * there. All facts are on the page already; which of them are seen is all that changes.
 */

const room = document.querySelector('.room');
const panel = room?.querySelector('.panel');
const title = panel?.querySelector('h2');
const facts = [...(panel?.querySelectorAll('.f') ?? [])];
const segments = [...(room?.querySelectorAll('.seg') ?? [])];
const stretches = [...(room?.querySelectorAll('[data-start]') ?? [])];
const form = panel?.querySelector('.types');
const boxes = [...(form?.querySelectorAll('input[name=type]') ?? [])];

const numbersOf = (segment) => segment.dataset.facts.split(' ');
const startOf = (stretch) => Number(stretch.dataset.start);
/** Offsets count code points, as everywhere in this API. */
const lengthOf = (text) => Array.from(text).length;
const endOf = (stretch) => startOf(stretch) + lengthOf(stretch.textContent);

/** What stays in view when the pointer has gone: a passage, a fact, or nothing. */
let pinned = null;
/** The number of the fact that the reader has opened last. */
let opened;

const hidden = () => new Set(uncheckedTypes());
const uncheckedTypes = () => boxes.filter((box) => !box.checked).map((box) => box.value);
const typeOf = (fact) => fact.dataset.fact.split('/')[0];

/** Shows the facts with these numbers, or all; whatever their types, only those that are asked for. */
function show(numbers, heading) {
  const off = hidden();
  let count = 0;
  for (const fact of facts) {
    fact.hidden = (numbers !== null && !numbers.has(fact.dataset.n)) || off.has(typeOf(fact));
    if (!fact.hidden) count += 1;
  }
  title.textContent =
    heading ??
    `${count} ${count === 1 ? 'fact' : 'facts'} ${numbers === null ? title.dataset.all : 'in these words'}`;
}

function light(chosen) {
  for (const stretch of stretches) stretch.classList.toggle('lit', chosen(stretch));
}

const inSpan = (start, end) => (stretch) => startOf(stretch) < end && endOf(stretch) > start;
const ofFact = (number) => (stretch) => stretch.dataset.facts?.split(' ').includes(number) ?? false;

/** The state that `pinned` says. */
function settle() {
  clearTimeout(waiting);
  offerTheWayBack();
  lightWhatIsInView();
  if (pinned === null) show(null);
  else if (pinned.fact !== undefined) show(new Set([pinned.fact]), 'The fact, and its words');
  else show(new Set(segments.filter(inSpan(pinned.start, pinned.end)).flatMap(numbersOf)));
}

function offerTheWayBack() {
  room.classList.toggle('pinned', pinned !== null);
  back.hidden = pinned === null;
}

/** The words of the fact that was opened last, as long as it is open; else those of the passage or the fact in view. */
function lightWhatIsInView() {
  const fact = opened ?? pinned?.fact;
  if (fact !== undefined) light(ofFact(fact));
  else light(pinned === null ? () => false : inSpan(pinned.start, pinned.end));
}

/** What the address of the page says. */
function fromAddress() {
  const query = new URLSearchParams(location.search);
  if (query.has('fact')) {
    // The server knows by which id it goes now; that none of its words are here is a view too.
    const fact = facts.find((each) => each.dataset.fact === room.dataset.fact);
    return { fact: fact?.dataset.n ?? 'none' };
  }
  if (!query.has('start') && !query.has('end')) return null;
  return {
    start: Number(query.get('start') ?? 0),
    end: Number(query.get('end') ?? Number.POSITIVE_INFINITY),
  };
}

/** The address with what is in view: others who open it see the same. */
function addressOf(view) {
  const query = new URLSearchParams(location.search);
  for (const name of ['start', 'end', 'fact']) query.delete(name);
  // A passage says by itself which part it is in.
  if (Object.keys(view).length > 0) query.delete('part');
  for (const [name, value] of Object.entries(view)) query.set(name, value);
  query.delete('type');
  const off = hidden();
  if (off.size > 0) {
    const on = boxes.filter((box) => box.checked).map((box) => box.value);
    query.set('type', on.join(',') || 'none');
  }
  const text = query.toString().replaceAll('%2C', ',').replaceAll('%2F', '/');
  return location.pathname + (text && `?${text}`);
}

function pin(view) {
  pinned = view;
  opened = undefined;
  history.pushState(null, '', addressOf(view ?? {}));
  settle();
  if (view) panel.scrollTop = 0;
}

/** Which words the pointer or the keyboard is on; for a moment nothing changes, so that a passing pointer does not flicker. */
let waiting;
function preview(segment) {
  clearTimeout(waiting);
  waiting = setTimeout(() => {
    if (segment === null) return settle();
    show(new Set(numbersOf(segment)));
  }, 80);
}

function watchText() {
  const wide = matchMedia('(min-width: 62rem)');
  const segmentAt = ({ target }) => target.closest('.seg');
  // Moves alone count: when a page scrolls, or goes back, words come under a pointer that rests.
  let over = null;
  room.addEventListener('pointermove', (event) => {
    if (event.pointerType !== 'mouse' || !wide.matches || segmentAt(event) === over) return;
    over = segmentAt(event);
    preview(over);
  });
  room.addEventListener('pointerleave', () => {
    if (over) preview(null);
    over = null;
  });
  room.addEventListener('focusin', (event) => {
    if (segmentAt(event)?.matches(':focus-visible')) preview(segmentAt(event));
  });
  room.addEventListener('focusout', (event) => {
    if (segmentAt(event)) preview(null);
  });
  room.addEventListener('click', (event) => {
    const segment = segmentAt(event);
    // Whoever marks words of it does not want to go there.
    if (segment && event.detail > 0 && !getSelection().isCollapsed) return event.preventDefault();
    if (!segment || event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
    event.preventDefault();
    pin({ start: startOf(segment), end: endOf(segment) });
    // On narrow screens the facts lie over what was below the words.
    segment.scrollIntoView({ block: 'nearest' });
  });
  document.addEventListener('keydown', (event) => {
    if (event.key === 'Escape' && pinned !== null) pin(null);
  });
  addEventListener('popstate', () => {
    pinned = fromAddress();
    opened = undefined;
    settle();
  });
}

/** A fact that is pointed at shows its words; one that is opened brings them into view. */
function watchFacts() {
  for (const fact of facts) {
    const summary = fact.querySelector('summary');
    const words = () => light(ofFact(fact.dataset.n));
    summary.addEventListener('pointerenter', words);
    summary.addEventListener('focus', words);
    summary.addEventListener('pointerleave', lightWhatIsInView);
    summary.addEventListener('blur', lightWhatIsInView);
    summary.addEventListener('click', () => {
      // It is as it was before.
      opened = fact.querySelector('details').open ? undefined : fact.dataset.n;
      lightWhatIsInView();
      const first = opened && segments.find(ofFact(opened));
      if (first && matchMedia('(min-width: 62rem)').matches) first.scrollIntoView({ block: 'nearest' });
    });
  }
}

function watchTypes() {
  if (!form) return;
  form.querySelector('button').hidden = true;
  form.addEventListener('change', () => {
    const off = hidden();
    for (const track of room.querySelectorAll('.source .k'))
      track.classList.toggle(
        'off',
        off.has([...track.classList].find((name) => name.startsWith('t-')).slice(2)),
      );
    history.replaceState(null, '', addressOf(pinned ?? {}));
    settle();
  });
}

/** Where a mouse is in the text. */
function placeAt({ clientX: x, clientY: y }) {
  const place = document.caretPositionFromPoint?.(x, y);
  if (place) return [place.offsetNode, place.offset];
  const range = document.caretRangeFromPoint?.(x, y);
  return range ? [range.startContainer, range.startOffset] : null;
}

/** Browsers mark no words where a mouse goes down on a link, and here nearly all words are links. */
function markOverLinks() {
  let from = null;
  room.addEventListener('mousedown', (event) => {
    const plain = event.button === 0 && !event.shiftKey && !event.ctrlKey && !event.metaKey && !event.altKey;
    from = plain && event.target.closest('.seg') ? placeAt(event) : null;
    if (from) getSelection().removeAllRanges();
  });
  document.addEventListener('mousemove', (event) => {
    const to = from && event.buttons % 2 === 1 ? placeAt(event) : null;
    if (to && room.contains(to[0])) getSelection().setBaseAndExtent(...from, ...to);
  });
  document.addEventListener('mouseup', () => {
    from = null;
  });
  // Nor is what is marked already to be taken along.
  room.addEventListener('dragstart', (event) => {
    if (from) event.preventDefault();
  });
}

/** Words that are marked by the reader get a link that others can open. */
function watchSelection() {
  const place = document.createElement('p');
  place.className = 'chosen';
  place.hidden = true;
  const link = document.createElement('a');
  place.append(link);
  title.after(place);
  document.addEventListener('selectionchange', () => {
    const span = selected();
    place.hidden = span === null;
    if (!span) return;
    link.href = `${addressOf(span)}#passage`;
    link.textContent = `A link to the marked words, characters ${span.start} to ${span.end}`;
  });
}

function selected() {
  const selection = getSelection();
  if (!selection || selection.isCollapsed || selection.rangeCount === 0) return null;
  const range = selection.getRangeAt(0);
  const start = offsetOf(range.startContainer, range.startOffset);
  const end = offsetOf(range.endContainer, range.endOffset);
  return start === null || end === null || start >= end ? null : { start, end };
}

/** Where a place in the page is in the text; null outside of it. */
function offsetOf(node, offset) {
  const element = node.nodeType === Node.TEXT_NODE ? node.parentElement : node;
  const stretch = element.closest('[data-start]');
  if (!stretch || !room.contains(stretch)) return null;
  const before = document.createRange();
  before.setStart(stretch, 0);
  before.setEnd(node, offset);
  return startOf(stretch) + lengthOf(before.toString());
}

/** The way back to all facts: on narrow screens it closes what lies over the text. */
function backButton() {
  const button = document.createElement('button');
  button.type = 'button';
  button.textContent = 'All facts';
  button.className = 'all';
  button.addEventListener('click', () => pin(null));
  panel.querySelector('.back')?.remove();
  title.before(button);
  return button;
}

let back;
if (room) {
  back = backButton();
  pinned = fromAddress();
  watchText();
  watchFacts();
  watchTypes();
  markOverLinks();
  watchSelection();
  // What else there is to see the server has drawn.
  offerTheWayBack();
  addEventListener('beforeprint', () => {
    for (const { firstElementChild } of facts) firstElementChild.open = true;
  });
}
