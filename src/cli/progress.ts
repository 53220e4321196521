/** Progress bar on standard error. Draws nothing if that is a file or a pipe. */
const REDRAW_INTERVAL_MS = 100;
const BAR_WIDTH = 30;
const CLEAR_LINE = '\r\x1b[K';

export interface ProgressBar {
  update(done: number, total: number): void;
  /** Removes the bar, so that a line can be printed in its place. */
  clear(): void;
}

export function createProgressBar(
  label: string,
  stream: Pick<NodeJS.WriteStream, 'write' | 'isTTY'> = process.stderr,
): ProgressBar {
  let lastDrawnMs = 0;
  let isVisible = false;
  return {
    update(done, total) {
      // The last step is always drawn, so that a bar never stops short of its end.
      if (!stream.isTTY || (done < total && Date.now() - lastDrawnMs < REDRAW_INTERVAL_MS)) return;
      lastDrawnMs = Date.now();
      isVisible = true;
      stream.write(`${CLEAR_LINE}${renderBar(label, done, total)}`);
    },
    clear() {
      if (isVisible) stream.write(CLEAR_LINE);
      isVisible = false;
    },
  };
}

/** `reindex [##########--------------------] 33 % 1 of 3` */
export function renderBar(label: string, done: number, total: number): string {
  const fraction = total === 0 ? 1 : done / total;
  const filledWidth = Math.floor(fraction * BAR_WIDTH);
  const bar = '#'.repeat(filledWidth) + '-'.repeat(BAR_WIDTH - filledWidth);
  return `${label} [${bar}] ${Math.floor(fraction * 100)} % ${done} of ${total}`;
}
