/**
 * `npm start`: the server, with what Node has compiled of it kept for the next start. It is plain JavaScript, as Node has no
 * way to keep what it makes of the first file.
 */
import { enableCompileCache } from './compiled.js';

enableCompileCache();
await import('../src/main.ts');
