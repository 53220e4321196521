/** The tags of the operations, in the groups that the reference shows them in. */
import { factTypes } from '../model/types/index.ts';

interface Tag {
  name: string;
  description: string;
}

interface TagGroup {
  /** What somebody comes to do. */
  name: string;
  tags: Tag[];
}

export const TAG_GROUPS: TagGroup[] = [
  {
    name: 'Ask for facts',
    tags: [
      ...factTypes.map(({ title, summary }) => ({ name: title, description: `${summary}.` })),
      { name: 'Search', description: 'Facts of every type by their words.' },
    ],
  },
  {
    name: 'Follow what changed',
    tags: [{ name: 'History', description: 'Revisions, and what each of them changed and why.' }],
  },
  {
    name: 'Take facts elsewhere',
    tags: [
      { name: 'Exports', description: 'Everything at one revision, in one file.' },
      { name: 'Embedding', description: "A fact as a card in somebody else's page, by oEmbed." },
    ],
  },
  {
    name: 'Put facts in',
    tags: [{ name: 'Dossiers', description: 'A source text with its facts, checked and imported as one.' }],
  },
  {
    name: 'Watch the server',
    tags: [{ name: 'Service', description: 'Whether the server runs, and whether it can answer.' }],
  },
];
