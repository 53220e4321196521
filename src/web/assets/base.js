/** What every page gains by scripts: days as its reader writes them, and buttons that copy. It works without. */

const FORMATS = {
  4: { year: 'numeric' },
  7: { month: 'long', year: 'numeric' },
  10: { dateStyle: 'long' },
};

/** A day is the same everywhere; an instant is told in the reader's own time. */
function written(iso) {
  const format = FORMATS[iso.length];
  const options = format ? { ...format, timeZone: 'UTC' } : { dateStyle: 'long', timeStyle: 'short' };
  return new Intl.DateTimeFormat(undefined, options).format(new Date(iso));
}

for (const time of document.querySelectorAll('time[datetime]')) {
  const text = written(time.dateTime);
  if (time.textContent !== text) time.textContent = text;
}

/** Beside each text to be copied a button; without scripts the text is there to be marked. */
for (const place of document.querySelectorAll('.paste')) {
  const text = place.querySelector('code');
  const button = document.createElement('button');
  button.type = 'button';
  button.textContent = 'Copy';
  button.setAttribute('aria-label', `Copy ${place.dataset.what ?? text.textContent}`);
  button.addEventListener('click', async () => {
    button.textContent = (await copied(text)) ? 'Copied' : 'Press Ctrl+C';
    setTimeout(() => {
      button.textContent = 'Copy';
    }, 2_000);
  });
  place.append(button);
}

/** Where the clipboard is out of reach, the text is marked, to be copied by hand. */
async function copied(element) {
  try {
    await navigator.clipboard.writeText(element.textContent);
    return true;
  } catch {
    getSelection().selectAllChildren(element);
    return false;
  }
}
