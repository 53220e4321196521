/**
 * `npm start`: the server with Node's compile cache. This file is plain JavaScript, since Node cannot cache its
 * entry point.
 */
import { enableCompileCache } from './compiled.js';
import { isSupportedVersion, reportUnsupportedVersion } from './node-version.js';

if (isSupportedVersion(process.versions.node)) {
  enableCompileCache();
  await import('../src/main.ts');
} else reportUnsupportedVersion('; start the server with "npm start"');
