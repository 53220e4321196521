/**
 * The yardstick for answers that are all different: the tables of tables.ts, each question one or two prepared statements of
 * better-sqlite3, and bare Fastify. It answers what our server answers, byte for byte, and only to what bench/request-generator.ts asks: it
 * checks no parameter, and sends neither ETag nor links nor headers for security.
 */
import { hash } from 'node:crypto';
import BetterSqlite3 from 'better-sqlite3';
import Fastify, { type FastifyReply, type FastifyRequest } from 'fastify';
import { encodeCursor } from '../../src/api/respond/cursor.ts';
import { resources } from '../../src/model/types/index.ts';
import { snippetOf } from '../../src/search/snippet.ts';
import { readSynonyms } from '../../src/search/synonyms.ts';
import { SYNONYMS_FILE } from '../../src/store/open.ts';

const LIMIT = 20;
const JSON_TYPE = 'application/json; charset=utf-8';

const database = new BetterSqlite3(process.argv[2], { readonly: true });
database.pragma('mmap_size = 1073741824');
const synonyms = readSynonyms(SYNONYMS_FILE);
const revision = database.prepare('select revision from about').pluck().get() as number;

type Row = [id: string, json: Buffer];
const up = database
  .prepare(`select id, json from statement where id > ? order by id limit ${LIMIT + 1}`)
  .raw();
const down = database
  .prepare(`select id, json from statement where id < ? order by id desc limit ${LIMIT + 1}`)
  .raw();
const filtered = database
  .prepare(
    `select v.id, f.json from filtered v join statement f on f.n = v.n
     where v.name = ? and v.value = ? and v.id > ? order by v.id limit ${LIMIT + 1}`,
  )
  .raw();
const item = database.prepare('select json from item where type = ? and id = ?').pluck();
const found = database.prepare('select rowid from words where words match ? order by rowid limit ?').pluck();
const hit = database.prepare('select * from hit where n = ?');

const app = Fastify({ routerOptions: { maxParamLength: 4_000 } });

interface ListQuery {
  cursor: string;
  sort?: string;
  speaker?: string;
  topic?: string;
}

app.get('/v1/statements', (request, reply) => {
  const { cursor, sort, speaker, topic } = request.query as ListQuery;
  // After eight characters of a digest come the revision, the list and the place.
  const [, list, [, after]] = JSON.parse(Buffer.from(cursor, 'base64url').toString().slice(8));
  const rows = (
    speaker || topic
      ? filtered.all(speaker ? 'speaker' : 'topic', speaker ?? topic, after)
      : (sort ? down : up).all(after)
  ) as Row[];
  const page = rows.slice(0, LIMIT);
  const next = rows.length > LIMIT ? cursorIn(list, page[LIMIT - 1]?.[0] as string) : null;
  sendPage(
    request,
    reply,
    page.map(([, json]) => json),
    next,
  );
});

/** A cursor of the same list as another one, of which it has the digest. */
function cursorIn(list: string, id: string): string {
  const payload = JSON.stringify([revision, list, [null, id]]);
  const digest = hash('sha256', payload, 'buffer').subarray(0, 6).toString('base64url');
  return Buffer.from(digest + payload).toString('base64url');
}

for (const { type, collection } of resources) {
  app.get<{ Params: { id: string } }>(`/v1/${collection}/:id`, ({ params }, reply) => {
    reply.type(JSON_TYPE).send(item.get(type, params.id));
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
  const words = synonyms.wordsAskedBy(q);
  const match = words.map((word) => `"${word}"`).join(' AND ');
  const labelled = found.all(`label : (${match})`, LIMIT + 1) as number[];
  const others = labelled.length > LIMIT ? [] : found.all(match, LIMIT + 1 + labelled.length);
  const ranked = [...new Set([...labelled, ...(others as number[])])];
  const hits = ranked.slice(0, LIMIT).map((n) => hit.get(n) as Hit);
  const data = hits.map(({ head, texts, tail }) =>
    Buffer.from(head + JSON.stringify(snippetOf(JSON.parse(texts), words, synonyms)) + tail),
  );
  const last = hits[LIMIT - 1];
  const place = last && [labelled.length >= LIMIT ? 'label' : 'text', last.reported_on, last.type, last.id];
  const list = `/v1/search?q=${encodeURIComponent(q)}`;
  const next = place && ranked.length > LIMIT ? encodeCursor({ revision, list, place }) : null;
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
  const parts = data.flatMap((part, at) => (at === 0 ? [part] : [COMMA, part]));
  reply.type(JSON_TYPE).send(Buffer.concat([OPENING, ...parts, Buffer.from(end)]));
}

const OPENING = Buffer.from('{"data":[');
const COMMA = Buffer.from(',');

process.stdout.write(`${await app.listen({ host: '127.0.0.1', port: 0 })}\n`);
