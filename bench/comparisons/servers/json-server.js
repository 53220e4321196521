/** json-server as in the section "Module" of its documentation: `node json-server.js db.json`. */
import jsonServer from 'json-server';

const app = jsonServer.create();
// Same as --quiet and --no-gzip of its command line; a proxy would compress.
app.use(jsonServer.defaults({ logger: false, noGzip: true }));
app.use(jsonServer.router(process.argv[2]));
const server = app.listen(0, '127.0.0.1', () => {
  process.stdout.write(`http://127.0.0.1:${server.address().port}\n`);
});
