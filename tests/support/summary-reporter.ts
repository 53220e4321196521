import type { Reporter, TestModule } from 'vitest/node';

/** Reporter that ends a long log with one line: `352 passed, 0 failed`. */
export default class SummaryReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly unknown[]): void {
    const tests = modules.flatMap((module) => [...module.children.allTests()]);
    const count = (state: string) => tests.filter((test) => test.result().state === state).length;
    const failedModules = modules.filter((module) => !module.ok() && count('failed') === 0).length;
    const failed = count('failed') + unhandledErrors.length + failedModules;
    const skipped = count('skipped');
    process.stdout.write(
      `${count('passed')} passed, ${failed} failed${skipped ? `, ${skipped} skipped` : ''}\n`,
    );
  }
}
