/**
 * Reader without page loads: pointing at or focusing words previews their facts, and a click pins them. The
 * page already contains all facts; scripts only show and hide them.
 */

const reader = document.querySelector('.reader');
const factPanel = reader?.querySelector('.panel');
const panelHeading = factPanel?.querySelector('h2');
const factItems = [...(factPanel?.querySelectorAll('.fact-item') ?? [])];
const segments = [...(reader?.querySelectorAll('.segment') ?? [])];
const textSpans = [...(reader?.querySelectorAll('[data-start]') ?? [])];
const typeForm = factPanel?.querySelector('.types');
const typeCheckboxes = [...(typeForm?.querySelectorAll('input[name=type]') ?? [])];

const getFactIndexes = (segment) => segment.dataset.facts.split(' ');
const getStart = (textSpan) => Number(textSpan.dataset.start);
/** Offsets are in code points, as in the API. */
const countCodePoints = (text) => Array.from(text).length;
const getEnd = (textSpan) => getStart(textSpan) + countCodePoints(textSpan.textContent);

/** Passage or fact that stays in view when the pointer leaves; null for none. */
let pinnedSelection = null;
/** Index of the fact that the reader opened last. */
let openedFactIndex;

const getHiddenTypes = () => new Set(listUncheckedTypes());
const listUncheckedTypes = () => typeCheckboxes.filter((box) => !box.checked).map((box) => box.value);
const getType = (factItem) => factItem.dataset.fact.split('/')[0];

/** Shows the facts with these indexes, or all for null, without those of hidden types. */
function showFacts(factIndexes, heading) {
  const hiddenTypes = getHiddenTypes();
  let count = 0;
  for (const factItem of factItems) {
    factItem.hidden =
      (factIndexes !== null && !factIndexes.has(factItem.dataset.index)) ||
      hiddenTypes.has(getType(factItem));
    if (!factItem.hidden) count += 1;
  }
  panelHeading.textContent =
    heading ??
    `${count} ${count === 1 ? 'fact' : 'facts'} ${factIndexes === null ? panelHeading.dataset.scope : 'in this passage'}`;
}

function highlightSpans(isHighlighted) {
  for (const textSpan of textSpans) textSpan.classList.toggle('highlighted', isHighlighted(textSpan));
}

const overlapsSpan = (start, end) => (textSpan) => getStart(textSpan) < end && getEnd(textSpan) > start;
const supportsFact = (factIndex) => (textSpan) =>
  textSpan.dataset.facts?.split(' ').includes(factIndex) ?? false;

/** Updates the page to `pinnedSelection`. */
function applySelection() {
  clearTimeout(previewTimer);
  updateBackButton();
  highlightSelection();
  if (pinnedSelection === null) showFacts(null);
  else if (pinnedSelection.fact !== undefined)
    showFacts(new Set([pinnedSelection.fact]), 'Selected fact and its evidence');
  else
    showFacts(
      new Set(
        segments.filter(overlapsSpan(pinnedSelection.start, pinnedSelection.end)).flatMap(getFactIndexes),
      ),
    );
}

function updateBackButton() {
  reader.classList.toggle('pinned', pinnedSelection !== null);
  backButton.hidden = pinnedSelection === null;
}

/** Highlights the fact opened last, while it is open; otherwise the passage or fact in view. */
function highlightSelection() {
  const factIndex = openedFactIndex ?? pinnedSelection?.fact;
  if (factIndex !== undefined) highlightSpans(supportsFact(factIndex));
  else
    highlightSpans(
      pinnedSelection === null ? () => false : overlapsSpan(pinnedSelection.start, pinnedSelection.end),
    );
}

/** Returns the selection that the URL of the page describes. */
function parseLocation() {
  const query = new URLSearchParams(location.search);
  if (query.has('fact')) {
    // `data-fact` has the current id. A fact without evidence in this text is a valid selection too.
    const factItem = factItems.find((each) => each.dataset.fact === reader.dataset.fact);
    return { fact: factItem?.dataset.index ?? 'none' };
  }
  if (!query.has('start') && !query.has('end')) return null;
  return {
    start: Number(query.get('start') ?? 0),
    end: Number(query.get('end') ?? Number.POSITIVE_INFINITY),
  };
}

/** Returns the URL of the current view, so that others who open it see the same. */
function buildUrl(selection) {
  const query = new URLSearchParams(location.search);
  for (const name of ['start', 'end', 'fact']) query.delete(name);
  // A passage determines the part that it is in.
  if (Object.keys(selection).length > 0) query.delete('part');
  for (const [name, value] of Object.entries(selection)) query.set(name, value);
  query.delete('type');
  const hiddenTypes = getHiddenTypes();
  if (hiddenTypes.size > 0) {
    const visibleTypes = typeCheckboxes.filter((box) => box.checked).map((box) => box.value);
    query.set('type', visibleTypes.join(',') || 'none');
  }
  const text = query.toString().replaceAll('%2C', ',').replaceAll('%2F', '/');
  return location.pathname + (text && `?${text}`);
}

function pinSelection(selection) {
  pinnedSelection = selection;
  openedFactIndex = undefined;
  history.pushState(null, '', buildUrl(selection ?? {}));
  applySelection();
  if (selection) factPanel.scrollTop = 0;
}

/** Delays previews, so that a passing pointer does not cause flicker. */
let previewTimer;
function previewSegment(segment) {
  clearTimeout(previewTimer);
  previewTimer = setTimeout(() => {
    if (segment === null) return applySelection();
    showFacts(new Set(getFactIndexes(segment)));
  }, 80);
}

function listenToText() {
  const wideScreen = matchMedia('(min-width: 62rem)');
  const findSegment = ({ target }) => target.closest('.segment');
  // Only movements count: scrolling or going back also moves words under a resting pointer.
  let hoveredSegment = null;
  reader.addEventListener('pointermove', (event) => {
    if (event.pointerType !== 'mouse' || !wideScreen.matches || findSegment(event) === hoveredSegment) return;
    hoveredSegment = findSegment(event);
    previewSegment(hoveredSegment);
  });
  reader.addEventListener('pointerleave', () => {
    if (hoveredSegment) previewSegment(null);
    hoveredSegment = null;
  });
  reader.addEventListener('focusin', (event) => {
    if (findSegment(event)?.matches(':focus-visible')) previewSegment(findSegment(event));
  });
  reader.addEventListener('focusout', (event) => {
    if (findSegment(event)) previewSegment(null);
  });
  reader.addEventListener('click', (event) => {
    const segment = findSegment(event);
    // A reader who selects words does not want to follow the link.
    if (segment && event.detail > 0 && !getSelection().isCollapsed) return event.preventDefault();
    if (!segment || event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
    event.preventDefault();
    pinSelection({ start: getStart(segment), end: getEnd(segment) });
    // On narrow screens the facts cover the text below the words.
    segment.scrollIntoView({ block: 'nearest' });
  });
  document.addEventListener('keydown', (event) => {
    if (event.key === 'Escape' && pinnedSelection !== null) pinSelection(null);
  });
  addEventListener('popstate', () => {
    pinnedSelection = parseLocation();
    openedFactIndex = undefined;
    applySelection();
  });
}

/** Highlights the evidence of a fact that is pointed at, and scrolls to that of one that is opened. */
function listenToFacts() {
  for (const factItem of factItems) {
    const summary = factItem.querySelector('summary');
    const highlightFact = () => highlightSpans(supportsFact(factItem.dataset.index));
    summary.addEventListener('pointerenter', highlightFact);
    summary.addEventListener('focus', highlightFact);
    summary.addEventListener('pointerleave', highlightSelection);
    summary.addEventListener('blur', highlightSelection);
    summary.addEventListener('click', () => {
      // At this point the element still has its previous state.
      openedFactIndex = factItem.querySelector('details').open ? undefined : factItem.dataset.index;
      highlightSelection();
      const firstSegment = openedFactIndex && segments.find(supportsFact(openedFactIndex));
      if (firstSegment && matchMedia('(min-width: 62rem)').matches)
        firstSegment.scrollIntoView({ block: 'nearest' });
    });
  }
}

function listenToTypeFilter() {
  if (!typeForm) return;
  typeForm.querySelector('button').hidden = true;
  typeForm.addEventListener('change', () => {
    const hiddenTypes = getHiddenTypes();
    for (const track of reader.querySelectorAll('.source .track'))
      track.classList.toggle(
        'off',
        hiddenTypes.has([...track.classList].find((name) => name.startsWith('type-')).slice('type-'.length)),
      );
    history.replaceState(null, '', buildUrl(pinnedSelection ?? {}));
    applySelection();
  });
}

/** Returns the node and offset under the mouse. */
function findCaretPosition({ clientX: x, clientY: y }) {
  const caret = document.caretPositionFromPoint?.(x, y);
  if (caret) return [caret.offsetNode, caret.offset];
  const range = document.caretRangeFromPoint?.(x, y);
  return range ? [range.startContainer, range.startOffset] : null;
}

/** Browsers do not select text if dragging starts on a link, and here nearly all words are links. */
function enableSelectionOverLinks() {
  let dragStart = null;
  reader.addEventListener('mousedown', (event) => {
    const isPlainClick =
      event.button === 0 && !event.shiftKey && !event.ctrlKey && !event.metaKey && !event.altKey;
    dragStart = isPlainClick && event.target.closest('.segment') ? findCaretPosition(event) : null;
    if (dragStart) getSelection().removeAllRanges();
  });
  document.addEventListener('mousemove', (event) => {
    const dragEnd = dragStart && event.buttons % 2 === 1 ? findCaretPosition(event) : null;
    if (dragEnd && reader.contains(dragEnd[0])) getSelection().setBaseAndExtent(...dragStart, ...dragEnd);
  });
  document.addEventListener('mouseup', () => {
    dragStart = null;
  });
  // Prevents dragging of text that is already selected.
  reader.addEventListener('dragstart', (event) => {
    if (dragStart) event.preventDefault();
  });
}

/** Shows a link to the words that the reader has selected. */
function listenToSelection() {
  const paragraph = document.createElement('p');
  paragraph.className = 'selection-link';
  paragraph.hidden = true;
  const link = document.createElement('a');
  paragraph.append(link);
  panelHeading.after(paragraph);
  document.addEventListener('selectionchange', () => {
    const span = getSelectedSpan();
    paragraph.hidden = span === null;
    if (!span) return;
    link.href = `${buildUrl(span)}#passage`;
    link.textContent = `Link to the selected text, characters ${span.start} to ${span.end}`;
  });
}

function getSelectedSpan() {
  const selection = getSelection();
  if (!selection || selection.isCollapsed || selection.rangeCount === 0) return null;
  const range = selection.getRangeAt(0);
  const start = toTextOffset(range.startContainer, range.startOffset);
  const end = toTextOffset(range.endContainer, range.endOffset);
  return start === null || end === null || start >= end ? null : { start, end };
}

/** Returns the offset in the text of a position in the page, or null outside the text. */
function toTextOffset(node, offset) {
  const element = node.nodeType === Node.TEXT_NODE ? node.parentElement : node;
  const textSpan = element.closest('[data-start]');
  if (!textSpan || !reader.contains(textSpan)) return null;
  const range = document.createRange();
  range.setStart(textSpan, 0);
  range.setEnd(node, offset);
  return getStart(textSpan) + countCodePoints(range.toString());
}

/** Button that shows all facts again; on narrow screens it also closes the panel over the text. */
function createBackButton() {
  const button = document.createElement('button');
  button.type = 'button';
  button.textContent = 'All facts';
  button.className = 'show-all';
  button.addEventListener('click', () => pinSelection(null));
  factPanel.querySelector('.back')?.remove();
  panelHeading.before(button);
  return button;
}

let backButton;
if (reader) {
  backButton = createBackButton();
  pinnedSelection = parseLocation();
  listenToText();
  listenToFacts();
  listenToTypeFilter();
  enableSelectionOverLinks();
  listenToSelection();
  // The server has rendered everything else in its initial state.
  updateBackButton();
  addEventListener('beforeprint', () => {
    for (const { firstElementChild } of factItems) firstElementChild.open = true;
  });
}
