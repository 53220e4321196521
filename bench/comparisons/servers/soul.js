/** Soul on the loopback address and any free port, where its command listens on all addresses: `node soul.js -d rows.sqlite`. */
import { createServer } from 'node:http';
// It reads its options from the command line: no log, no rate limit and no keys unless they are asked for.
import app from 'soul-cli/src/index.js';

const server = createServer(app).listen(0, '127.0.0.1', () => {
  process.stdout.write(`http://127.0.0.1:${server.address().port}\n`);
});
