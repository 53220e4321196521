import { expect, it } from 'vitest';
import { renderDataBlock } from '../../src/lib/html.ts';

it('data in a page neither ends its element nor contains an entity', () => {
  const data = { text: '</script><!-- &lt; & "' };
  const { text } = renderDataBlock('application/json', data);
  const [, json = ''] = /^<script type="application\/json">(.*)<\/script>$/.exec(text) ?? [];
  expect(json).not.toMatch(/[<&]/);
  expect(JSON.parse(json)).toEqual(data);
});
