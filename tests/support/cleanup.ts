/** Cleanup after each test file. */

const cleanups: (() => unknown)[] = [];

/** Runs `work` when the test file ends, in reverse order of registration. */
export function onTestFileEnd(work: () => unknown): void {
  cleanups.push(work);
}

/** Runs the cleanups. Test files share modules, so a setup file calls this after each of them. */
export async function cleanUp(): Promise<void> {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
}
