/** Node's compile cache, which makes later starts faster. */
import * as nodeModule from 'node:module';
import { fileURLToPath } from 'node:url';

/**
 * Folder of the cache. Node's default is the temporary folder, where other users could place code that this
 * process would run. If the folder is not writable, Node runs without a cache.
 */
const CACHE_FOLDER = fileURLToPath(new URL('../node_modules/.cache/compiled', import.meta.url));

/** Enables the cache for modules that are loaded after this call; older versions of Node have no cache. */
export function enableCompileCache() {
  nodeModule.enableCompileCache?.(process.env.NODE_COMPILE_CACHE || CACHE_FOLDER);
}
