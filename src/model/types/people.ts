import * as z from 'zod';
import { defineFactType } from '../fact-type.ts';
import { list, reference, text } from '../fields.ts';
import { linkedDataRegistry } from '../linked-data.ts';

const Post = z
  .strictObject({
    title: text().describe('Title of the post.'),
    of: reference('organization', 'country').describe('Organization or country that the post belongs to.'),
  })
  .meta({ id: 'Post', description: 'Post that a person holds.' });

linkedDataRegistry.add(Post, { linkedData: { classes: 'Role', properties: { title: 'roleName' } } });

export const people = defineFactType({
  type: 'person',
  collection: 'people',
  summary: 'People named in the texts, with their posts',
  schema: z.strictObject({
    name: text().describe('Full name as the text gives it.'),
    aliases: list(text()).describe('Other names and spellings by which readers may search.'),
    posts: list(Post).describe("Posts held at the document's date."),
  }),
  getLabel: (person) => person.name,
  namingFields: ['name'],
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
