import { expect, it } from 'vitest';
import { startProcess } from './support/process.ts';

// Plain JavaScript without types.
const { isSupportedVersion } = await import(new URL('../bin/node-version.js', import.meta.url).href);

it.each([
  '22.18.0',
  '22.21.1',
  '23.6.0',
  '24.21.0',
  '25.0.0',
  '26.1.0',
])('Node %s is supported', (version) => {
  expect(isSupportedVersion(version)).toBe(true);
});

it.each(['18.20.0', '20.20.2', '21.7.3', '22.17.9', '23.5.0'])('Node %s is not supported', (version) => {
  expect(isSupportedVersion(version)).toBe(false);
});

it('npm start says in one line that Node is too old', async () => {
  const pretend = `data:text/javascript,Object.defineProperty(process,'versions',{value:{...process.versions,node:'20.1.0'}})`;
  const { code, stderr } = await startProcess(['--import', pretend, 'bin/start.js']).result;
  expect([code, stderr]).toEqual([
    1,
    'Summit Facts requires Node 22.18 or later (24 is recommended); this is Node 20.1.0; start the server with "npm start"\n',
  ]);
});
