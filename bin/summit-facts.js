#!/usr/bin/env node
/**
 * Starts the command line on a Node that it runs on: this one, or the one that npm has put into node_modules. It is plain
 * JavaScript that an old Node understands.
 */
import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { constants } from 'node:os';
import { sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { enableCompileCache } from './compiled.js';

const mainPath = fileURLToPath(new URL('../src/cli/main.ts', import.meta.url));
// In a checkout Node reads the sources as they are; installed, they stand under node_modules.
const isInstalled = mainPath.includes(`${sep}node_modules${sep}`);
const nodeOptions = isInstalled
  ? ['--disable-warning=ExperimentalWarning', '--import', new URL('types.js', import.meta.url).href]
  : [];

if (!isSupportedVersion(process.versions.node)) runWith(findBundledNode());
else if (isInstalled) runWith(process.execPath);
else {
  enableCompileCache();
  await import(pathToFileURL(mainPath).href);
}

/** Those that read types without being told to: 22.18 and its like, and 23.6 on. */
function isSupportedVersion(version) {
  const [major, minor] = version.split('.').map(Number);
  return major > 23 || (major === 23 && minor >= 6) || (major === 22 && minor >= 18);
}

/** The Node that comes as an optional dependency, where there is one for this platform. */
function findBundledNode() {
  const name = `node-${process.platform}-${process.arch}`;
  try {
    return createRequire(import.meta.url).resolve(`${name}/bin/node`);
  } catch {
    return null;
  }
}

function runWith(nodePath) {
  if (nodePath === null) {
    const requirement = 'Node 22.18 or later, best 24';
    fail(
      `summit-facts needs ${requirement}; this is Node ${process.versions.node}, and no other came with the package`,
    );
    return;
  }
  const child = spawn(nodePath, [...nodeOptions, mainPath, ...process.argv.slice(2)], { stdio: 'inherit' });
  // A terminal sends these to the child too, which must not hear them twice: the second would end it at once.
  const hasTerminal = [process.stdin, process.stdout, process.stderr].some(({ isTTY }) => isTTY);
  for (const signal of ['SIGINT', 'SIGHUP', 'SIGQUIT', 'SIGTERM']) {
    process.on(signal, () => {
      if (signal === 'SIGTERM' || !hasTerminal) child.kill(signal);
    });
  }
  child.on('error', (error) => fail(`${nodePath} cannot be started: ${error.message}`));
  // A shell gives a process that a signal ended this code.
  child.on('exit', (code, signal) => process.exit(code ?? 128 + constants.signals[signal]));
}

function fail(message) {
  process.stderr.write(`${message}\n`);
  process.exitCode = 1;
}
