/** Progressive enhancement of all pages: dates in the reader's locale, and copy buttons. */

const FORMATS = {
  4: { year: 'numeric' },
  7: { month: 'long', year: 'numeric' },
  10: { dateStyle: 'long' },
};

/** Formats a date without a time zone, and an instant in the time zone of the reader. */
function formatDate(iso) {
  const format = FORMATS[iso.length];
  const options = format ? { ...format, timeZone: 'UTC' } : { dateStyle: 'long', timeStyle: 'short' };
  return new Intl.DateTimeFormat(undefined, options).format(new Date(iso));
}

for (const time of document.querySelectorAll('time[datetime]')) {
  const text = formatDate(time.dateTime);
  if (time.textContent !== text) time.textContent = text;
}

/** Adds a copy button to each text; without scripts, readers can select the text. */
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

/** Selects the text for manual copying if the clipboard is not available. */
async function copyText(element) {
  try {
    await navigator.clipboard.writeText(element.textContent);
    return true;
  } catch {
    getSelection().selectAllChildren(element);
    return false;
  }
}
