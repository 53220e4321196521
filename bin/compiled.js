/** What Node makes of sources and packages when it loads them, kept from one start to the next. */
import * as nodeModule from 'node:module';
import { fileURLToPath } from 'node:url';

/**
 * Not in the temporary folder, which would be Node's own choice: there others could put code for us to run. Where nothing can
 * be written nothing is kept, and all else is the same.
 */
const CACHE_FOLDER = fileURLToPath(new URL('../node_modules/.cache/compiled', import.meta.url));

/** To be called before what is to be kept is loaded. An old Node keeps nothing. */
export function enableCompileCache() {
  nodeModule.enableCompileCache?.(process.env.NODE_COMPILE_CACHE || CACHE_FOLDER);
}
