import * as z from 'zod';
import { resource } from '../fact-type.ts';
import { list, reference, text } from '../fields.ts';
import { linkedParts } from '../linked-data.ts';

const Post = z
  .strictObject({
    title: text(),
    of: reference('organization', 'country').describe('Which organization or country the post belongs to.'),
  })
  .meta({ id: 'Post', description: 'An office that a person holds.' });

linkedParts.add(Post, { linkedData: { class: 'Role', properties: { title: 'roleName' } } });

export const people = resource({
  type: 'person',
  collection: 'people',
  summary: 'People whom the texts name, with their posts',
  schema: z.strictObject({
    name: text().describe('The name as the text gives it in full.'),
    aliases: list(text()).describe('Other names and spellings by which the person is found.'),
    posts: list(Post).describe("Posts held at the document's date."),
  }),
  label: (person) => person.name,
  filters: { postOf: 'posts.of', postTitle: 'posts.title' },
  sorts: ['name'],
  facets: ['postOf', 'postTitle'],
  developing: ['name', 'aliases', 'posts'],
  linkedData: {
    class: 'Person',
    properties: { aliases: 'alternateName' },
    also: ({ posts }) => ({ jobTitle: posts.map(({ title }) => title) }),
  },
  example: 'jens-stoltenberg',
});
