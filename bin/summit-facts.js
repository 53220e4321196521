#!/usr/bin/env node
/**
 * Starts the command line with a supported version of Node: the running one, or the one that npm installed in
 * node_modules. This file is plain JavaScript for older versions of Node.
 */
import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { constants } from 'node:os';
import { sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { enableCompileCache } from './compiled.js';
import { isSupportedVersion, reportUnsupportedVersion } from './node-version.js';

const mainPath = fileURLToPath(new URL('../src/cli/main.ts', import.meta.url));
// Node strips types only outside node_modules: an installed package needs the hook in types.js.
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

/** Path of the Node that is installed as an optional dependency, or null if this platform has none. */
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
    reportUnsupportedVersion(', and the package includes no other');
    return;
  }
  const child = spawn(nodePath, [...nodeOptions, mainPath, ...process.argv.slice(2)], { stdio: 'inherit' });
  // A terminal sends these signals to the child too; a second, forwarded one would end it immediately.
  const hasTerminal = [process.stdin, process.stdout, process.stderr].some(({ isTTY }) => isTTY);
  for (const signal of ['SIGINT', 'SIGHUP', 'SIGQUIT', 'SIGTERM']) {
    process.on(signal, () => {
      if (signal === 'SIGTERM' || !hasTerminal) child.kill(signal);
    });
  }
  child.on('error', (error) => fail(`${nodePath} cannot be started: ${error.message}`));
  // Shells use this exit code for a process that a signal ended.
  child.on('exit', (code, signal) => process.exit(code ?? 128 + constants.signals[signal]));
}

function fail(message) {
  process.stderr.write(`${message}\n`);
  process.exitCode = 1;
}
