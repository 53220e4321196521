/** json-server as a module, as its documentation has it under "Module": `node json-server.js db.json`. */
import jsonServer from 'json-server';

const app = jsonServer.create();
// Its command line has the same under --quiet and --no-gzip: compression is left to a proxy.
app.use(jsonServer.defaults({ logger: false, noGzip: true }));
app.use(jsonServer.router(process.argv[2]));
const server = app.listen(0, '127.0.0.1', () => {
  process.stdout.write(`http://127.0.0.1:${server.address().port}\n`);
});
