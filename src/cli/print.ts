/** A line on standard output: results, for people and pipes. */
export const print = (line: string): void => {
  process.stdout.write(`${line}\n`);
};
