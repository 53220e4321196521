/** A line on standard output: results, for people and pipes. */
export const printLine = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

/** What a command says: lines as it goes, or with `--json` one document at the end. */
export interface Output {
  writeLine(text: string): void;
  writeJson(value: object): void;
}

export const createOutput = ({ json = false }: { json?: boolean }): Output =>
  json
    ? { writeLine: () => {}, writeJson: (value) => printLine(JSON.stringify(value, null, 2)) }
    : { writeLine: printLine, writeJson: () => {} };
