/** What a test file leaves behind, to be taken away when it ends. */

const cleanups: (() => unknown)[] = [];

/** Has `work` done when the test file ends; what came last goes first. */
export function onTestFileEnd(work: () => unknown): void {
  cleanups.push(work);
}

/** Test files share their modules, so this is called by a setup that runs for each of them. */
export async function cleanUp(): Promise<void> {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
}
