/** Loader hook that strips the types of this package's sources: under node_modules Node does not. */
import { readFileSync } from 'node:fs';
import { registerHooks, stripTypeScriptTypes } from 'node:module';
import { fileURLToPath } from 'node:url';

const rootUrl = new URL('..', import.meta.url).href;
const dependenciesUrl = `${rootUrl}node_modules/`;

registerHooks({
  load(url, context, nextLoad) {
    const isOwnSource = url.startsWith(rootUrl) && !url.startsWith(dependenciesUrl) && url.endsWith('.ts');
    if (!isOwnSource) return nextLoad(url, context);
    const source = stripTypeScriptTypes(readFileSync(fileURLToPath(url), 'utf8'));
    return { format: 'module', shortCircuit: true, source };
  },
});
