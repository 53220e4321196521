/** Questions of README.md, which the page at `/docs` answers in place; a test compares the two lists. */

export interface Example {
  question: string;
  /** URL of the GET request that answers it. */
  url: string;
}

export const examples: Example[] = [
  {
    question: 'What did Jens Stoltenberg say, and where exactly?',
    url: '/v1/statements?speaker=jens-stoltenberg&mode=direct',
  },
  {
    question: 'Which countries get a battle group, announced when and by whom?',
    url: '/v1/battle-group-deployments?status=announced',
  },
  {
    question: 'Which sanctions rounds are adopted?',
    url: '/v1/sanctions-rounds?status=adopted',
  },
  {
    question: 'Who wants a pause?',
    url: '/v1/stances?position=seeks-pause',
  },
  {
    question: 'Who takes part by video link?',
    url: '/v1/events?attendance=video-link',
  },
  {
    question: 'Which facts does a passage support?',
    url: '/v1/documents/brussels-2022-03-24/facts?start=1222&end=1263',
  },
  {
    question: 'What is inferred rather than stated, such as the days of an event?',
    url: '/v1/events?inferred=endDate',
  },
  {
    question: 'Which fields are inferred how often, and what are most statements about?',
    url: '/v1/statements/facets?by=about,inferred&limit=2',
  },
  {
    question: 'Which positions does Estonia take, also as a member of a group?',
    url: '/v1/stances?actor=country/estonia&expand=members',
  },
  {
    question: 'What did the first import do?',
    url: '/v1/revisions/1',
  },
  {
    question: 'What changed in the fifth round of sanctions, and why?',
    url: '/v1/changes?fact=sanctions-round/eu-on-russia-5',
  },
];
