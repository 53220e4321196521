/** Soul on the loopback address; its own command listens on all: `node soul.js -d rows.sqlite`. */
import { createServer } from 'node:http';
// Reads its options from the command line; log, rate limit and keys are off by default.
import app from 'soul-cli/src/index.js';

const server = createServer(app).listen(0, '127.0.0.1', () => {
  process.stdout.write(`http://127.0.0.1:${server.address().port}\n`);
});
