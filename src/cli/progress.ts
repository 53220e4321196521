/** A bar on standard error while somebody watches; nothing where it goes into a file or a pipe. */
const REDRAWN_MS = 100;
const BAR_WIDTH = 30;
const CLEAR_LINE = '\r\x1b[K';

export interface ProgressBar {
  at(done: number, of: number): void;
  /** Takes the bar off the screen, so that a line may be written there. */
  clear(): void;
}

export function progressBar(
  what: string,
  stream: Pick<NodeJS.WriteStream, 'write' | 'isTTY'> = process.stderr,
): ProgressBar {
  let drawn = 0;
  let shown = false;
  return {
    at(done, of) {
      // The last step is always drawn, so that a bar never stops short of its end.
      if (!stream.isTTY || (done < of && Date.now() - drawn < REDRAWN_MS)) return;
      drawn = Date.now();
      shown = true;
      stream.write(`${CLEAR_LINE}${barAt(what, done, of)}`);
    },
    clear() {
      if (shown) stream.write(CLEAR_LINE);
      shown = false;
    },
  };
}

/** `reindex [##########--------------------] 33 % 1 of 3` */
export function barAt(what: string, done: number, of: number): string {
  const share = of === 0 ? 1 : done / of;
  const full = Math.floor(share * BAR_WIDTH);
  const bar = '#'.repeat(full) + '-'.repeat(BAR_WIDTH - full);
  return `${what} [${bar}] ${Math.floor(share * 100)} % ${done} of ${of}`;
}
