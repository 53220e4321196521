/** What every page gains by scripts: days as its reader writes them, and buttons that copy. It works without. */

const FORMATS = {
  4: { year: 'numeric' },
  7: { month: 'long', year: 'numeric' },
  10: { dateStyle: 'long' },
};

/** A day is the same everywhere; an instant is told in the reader's own time. */
function formatDate(iso) {
  const format = FORMATS[iso.length];
  const options = format ? { ...format, timeZone: 'UTC' } : { dateStyle: 'long', timeStyle: 'short' };
  return new Intl.DateTimeFormat(undefined, options).format(new Date(iso));
}

for (const time of document.querySelectorAll('time[datetime]')) {
  const text = formatDate(time.dateTime);
  if (time.textContent !== text) time.textContent = text;
}

/** Beside each text to be copied a button; without scripts the text is there to be marked. */
for (const container of document.querySelectorAll('.copyable')) {
  const text = container.querySelector('code');
  const button = document.createElement('button');
  button.type = 'button';
  button.textContent = 'Copy';
  button.setAttribute('aria-label', `Copy ${container.dataset.copyLabel ?? text.textContent}`);
  button.addEventListener('click', async () => {
    button.textContent = (await copyText(text)) ? 'Copied' : 'Press Ctrl+C';
    setTimeout(() => {
      button.textContent = 'Copy';
    }, 2_000);
  });
  container.append(button);
}

/** Where the clipboard is out of reach, the text is marked, to be copied by hand. */
async function copyText(element) {
  try {
    await navigator.clipboard.writeText(element.textContent);
    return true;
  } catch {
    getSelection().selectAllChildren(element);
    return false;
  }
}
