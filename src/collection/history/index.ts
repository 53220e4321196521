/** How facts came to be what they are: their versions, the changes of all facts, and the revisions that made them. */
export { changes, describeChanges } from './changes.ts';
export { changeFeeds } from './feeds.ts';
export { describeRevisions, revisions } from './revisions.ts';
export { versions } from './versions.ts';
