/** Writes a line to standard output, which is reserved for results. */
const printLine = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

/** Output of a command: lines while it runs or, with `--json`, one document at the end. */
export interface Output {
  writeLine(text: string): void;
  writeJson(value: object): void;
}

export const createOutput = ({ json = false }: { json?: boolean }): Output =>
  json
    ? { writeLine: () => {}, writeJson: (value) => printLine(JSON.stringify(value, null, 2)) }
    : { writeLine: printLine, writeJson: () => {} };
