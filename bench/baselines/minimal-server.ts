/** Baseline for startup and memory: Fastify, an SQLite database and one route. */
import Database from 'better-sqlite3';
import Fastify from 'fastify';

const database = new Database(process.argv[2]);
database.pragma('journal_mode = WAL');
const selectHello = database.prepare("select 'hello' as greeting");

const app = Fastify();
app.get('/readyz', () => selectHello.get());
process.stdout.write(`${await app.listen({ host: '127.0.0.1', port: 0 })}\n`);
