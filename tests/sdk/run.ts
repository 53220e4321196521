/** Entry point of `npm run test:sdk [client...]`: generates and tests clients. */
import { availableParallelism } from 'node:os';
import { checkSdk } from './check.ts';
import { notRun, type Outcome, table, tally } from './outcome.ts';
import type { Sdk } from './sdk.ts';
import { chosen } from './sdks.ts';

/** Maximum number of concurrent tests. Compilers need memory too, so more would gain little. */
const MOST_AT_A_TIME = 2;

const say = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

/** Tests the clients in order, a few at a time. */
async function checkAll(sdks: Sdk[]): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  const waiting = [...sdks.entries()];
  const work = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const [place, sdk] = next;
      outcomes[place] = await checkSdk(sdk, say);
    }
  };
  await Promise.all(Array.from({ length: Math.min(MOST_AT_A_TIME, availableParallelism()) }, work));
  return outcomes;
}

try {
  const outcomes = await checkAll(chosen(process.argv.slice(2)));
  // A developer may lack a compiler, but CI must not skip a client.
  const { passed, failed } = tally(outcomes, Boolean(process.env['CI']));
  say(['', table(outcomes), '', ...notRun(outcomes), `${passed} passed, ${failed} failed`].join('\n'));
  if (failed > 0) process.exitCode = 1;
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
