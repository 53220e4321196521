/** Other servers, each with the fastest settings that its documentation has for one process. */

import type { ComparisonServer } from './comparison-server.ts';
import { datasette } from './datasette.ts';
import { jsonServer } from './json-server.ts';
import { platformatic } from './platformatic.ts';
import { pocketbase } from './pocketbase.ts';
import { soul } from './soul.ts';

export const comparisonServers: ComparisonServer[] = [platformatic, soul, jsonServer, datasette, pocketbase];
