/** A line on standard output: results, for people and pipes. */
export const print = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

/** What a command says: lines as it goes, or with `--json` one document at the end. */
export interface Output {
  line(text: string): void;
  document(value: object): void;
}

export const outputFor = ({ json = false }: { json?: boolean }): Output =>
  json
    ? { line: () => {}, document: (value) => print(JSON.stringify(value, null, 2)) }
    : { line: print, document: () => {} };
