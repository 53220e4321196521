import * as z from 'zod';
import { defineFactType } from '../fact-type.ts';
import { list, reference, text } from '../fields.ts';
import { linkedDataRegistry } from '../linked-data.ts';

const Post = z
  .strictObject({
    title: text(),
    of: reference('organization', 'country').describe('Which organization or country the post belongs to.'),
  })
  .meta({ id: 'Post', description: 'An office that a person holds.' });

linkedDataRegistry.add(Post, { linkedData: { classes: 'Role', properties: { title: 'roleName' } } });

export const people = defineFactType({
  type: 'person',
  collection: 'people',
  summary: 'People whom the texts name, with their posts',
  schema: z.strictObject({
    name: text().describe('The name as the text gives it in full.'),
    aliases: list(text()).describe('Other names and spellings by which the person is found.'),
    posts: list(Post).describe("Posts held at the document's date."),
  }),
  getLabel: (person) => person.name,
  filters: { postOf: 'posts.of', postTitle: 'posts.title' },
  sorts: ['name'],
  facets: ['postOf', 'postTitle'],
  developableFields: ['name', 'aliases', 'posts'],
  linkedData: {
    classes: 'Person',
    properties: { aliases: 'alternateName' },
    getAdditionalProperties: ({ posts }) => ({ jobTitle: posts.map(({ title }) => title) }),
  },
  exampleId: 'jens-stoltenberg',
});
