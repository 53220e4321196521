/**
 * Baseline for distinct requests: the tables of tables.ts, one or two prepared statements of better-sqlite3
 * for each request, and Fastify without plugins. It responds to the requests of bench/request-generator.ts
 * with the same body as this server, byte for byte, but validates no parameter and sends neither ETag, Link
 * nor security headers.
 */
import { hash } from 'node:crypto';
import BetterSqlite3 from 'better-sqlite3';
import Fastify, { type FastifyReply, type FastifyRequest } from 'fastify';
import { encodeCursor } from '../../src/api/respond/cursor.ts';
import { factTypes } from '../../src/model/types/index.ts';
import { renderSnippet } from '../../src/search/snippet.ts';
import { readSynonyms } from '../../src/search/synonyms.ts';
import { SYNONYMS_FILE } from '../../src/store/open.ts';

const LIMIT = 20;
const JSON_TYPE = 'application/json; charset=utf-8';

const database = new BetterSqlite3(process.argv[2], { readonly: true });
database.pragma('mmap_size = 1073741824');
const synonyms = readSynonyms(SYNONYMS_FILE);
const revision = database.prepare('select revision from about').pluck().get() as number;

type Row = [id: string, json: Buffer];
const selectAscending = database
  .prepare(`select id, json from statement where id > ? order by id limit ${LIMIT + 1}`)
  .raw();
const selectDescending = database
  .prepare(`select id, json from statement where id < ? order by id desc limit ${LIMIT + 1}`)
  .raw();
const selectFiltered = database
  .prepare(
    `select v.id, f.json from filtered v join statement f on f.n = v.n
     where v.name = ? and v.value = ? and v.id > ? order by v.id limit ${LIMIT + 1}`,
  )
  .raw();
const selectItem = database.prepare('select json from item where type = ? and id = ?').pluck();
const selectMatches = database
  .prepare('select rowid from words where words match ? order by rowid limit ?')
  .pluck();
const selectHit = database.prepare('select * from hit where n = ?');

const app = Fastify({ routerOptions: { maxParamLength: 4_000 } });

interface ListQuery {
  cursor: string;
  sort?: string;
  speaker?: string;
  topic?: string;
}

app.get('/v1/statements', (request, reply) => {
  const { cursor, sort, speaker, topic } = request.query as ListQuery;
  // A cursor consists of eight characters of a digest and a JSON array of revision, list and position.
  const [, list, [, after]] = JSON.parse(Buffer.from(cursor, 'base64url').toString().slice(8));
  const rows = (
    speaker || topic
      ? selectFiltered.all(speaker ? 'speaker' : 'topic', speaker ?? topic, after)
      : (sort ? selectDescending : selectAscending).all(after)
  ) as Row[];
  const page = rows.slice(0, LIMIT);
  const next = rows.length > LIMIT ? createListCursor(list, page[LIMIT - 1]?.[0] as string) : null;
  sendPage(
    request,
    reply,
    page.map(([, json]) => json),
    next,
  );
});

/** Creates a cursor from the digest of the list, which another cursor of that list provides. */
function createListCursor(list: string, id: string): string {
  const payload = JSON.stringify([revision, list, [null, id]]);
  const digest = hash('sha256', payload, 'buffer').subarray(0, 6).toString('base64url');
  return Buffer.from(digest + payload).toString('base64url');
}

for (const { type, collection } of factTypes) {
  app.get<{ Params: { id: string } }>(`/v1/${collection}/:id`, ({ params }, reply) => {
    reply.type(JSON_TYPE).send(selectItem.get(type, params.id));
  });
}

interface Hit {
  type: string;
  id: string;
  reported_on: string | null;
  head: string;
  texts: string;
  tail: string;
}

app.get('/v1/search', (request, reply) => {
  const { q } = request.query as { q: string };
  const words = synonyms.tokenizeQuery(q);
  const match = words.map((word) => `"${word}"`).join(' AND ');
  const labelMatches = selectMatches.all(`label : (${match})`, LIMIT + 1) as number[];
  const otherMatches =
    labelMatches.length > LIMIT ? [] : selectMatches.all(match, LIMIT + 1 + labelMatches.length);
  const ranked = [...new Set([...labelMatches, ...(otherMatches as number[])])];
  const hits = ranked.slice(0, LIMIT).map((n) => selectHit.get(n) as Hit);
  const data = hits.map(({ head, texts, tail }) =>
    Buffer.from(head + JSON.stringify(renderSnippet(JSON.parse(texts), words, synonyms)) + tail),
  );
  const last = hits[LIMIT - 1];
  const position = last && [
    labelMatches.length >= LIMIT ? 'label' : 'text',
    last.reported_on,
    last.type,
    last.id,
  ];
  const list = `/v1/search?q=${encodeURIComponent(q)}`;
  const next = position && ranked.length > LIMIT ? encodeCursor({ revision, listUrl: list, position }) : null;
  sendPage(request, reply, data, next);
});

function sendPage(
  { url }: FastifyRequest,
  reply: FastifyReply,
  data: Buffer[],
  nextCursor: string | null,
): void {
  const [path = '', query = ''] = url.split('?');
  const rest = query.replace(/^cursor=[^&]*&/, '');
  const links = { self: url, next: nextCursor && `${path}?cursor=${nextCursor}&${rest}` };
  const meta = { revision, limit: LIMIT, nextCursor };
  const end = `],"links":${JSON.stringify(links)},"meta":${JSON.stringify(meta)}}`;
  const parts = data.flatMap((part, index) => (index === 0 ? [part] : [ITEM_SEPARATOR, part]));
  reply.type(JSON_TYPE).send(Buffer.concat([PAGE_START, ...parts, Buffer.from(end)]));
}

const PAGE_START = Buffer.from('{"data":[');
const ITEM_SEPARATOR = Buffer.from(',');

process.stdout.write(`${await app.listen({ host: '127.0.0.1', port: 0 })}\n`);
