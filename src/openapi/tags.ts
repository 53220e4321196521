/** Tags of the operations, in the groups of the API reference. */
import { factTypes } from '../model/types/index.ts';

interface Tag {
  name: string;
  description: string;
}

interface TagGroup {
  /** Task of the reader. */
  name: string;
  tags: Tag[];
}

export const TAG_GROUPS: TagGroup[] = [
  {
    name: 'Query facts',
    tags: [
      ...factTypes.map(({ title, summary }) => ({ name: title, description: `${summary}.` })),
      { name: 'Search', description: 'Full-text search over facts of every type.' },
    ],
  },
  {
    name: 'Follow changes',
    tags: [{ name: 'History', description: 'Revisions, with their changes and the reasons.' }],
  },
  {
    name: 'Export and embed',
    tags: [
      { name: 'Exports', description: 'Archives: all facts of a revision in one file.' },
      { name: 'Embedding', description: 'A fact as a card in another web page, with oEmbed.' },
    ],
  },
  {
    name: 'Write facts',
    tags: [
      { name: 'Dossiers', description: 'A source text with its facts, checked and imported as one unit.' },
    ],
  },
  {
    name: 'Monitoring',
    tags: [{ name: 'Service', description: 'Health and readiness of the server.' }],
  },
];
