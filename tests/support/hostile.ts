/** A statement whose words, speaker and document try to break out of whatever they are put into. */
import type { DossierFiles } from '../../src/dossier/check.ts';
import { dossierOf } from './dossiers.ts';

export const HOSTILE_WORDS = `</p></blockquote><script>alert("1")</script>&amp;<img src=x onerror='alert(2)'> ]]> \u202egnp.exe \u0007\u000b\ufffe javascript:alert(3)`;
export const HOSTILE_NAME = `O'Neill & "Sons" <b onmouseover=alert(4)>\u202e 100% {x} $5 #1 a_b ~ ^ \\end`;
export const HOSTILE_TITLE = `<script>alert(5)</script> "Straße" & Ābele\u2067, зелен 🗳️ {a}`;

export const hostileDossier = (): DossierFiles =>
  dossierOf({
    id: 'hostile',
    source: `${HOSTILE_NAME} said: ${HOSTILE_WORDS} today.`,
    document: {
      title: HOSTILE_TITLE,
      publisher: 'Ādaži & Co_50% {Zeitung}',
      url: 'https://news.example/a_b?x=1&y=%20#z~t',
    },
    facts: [
      {
        type: 'person',
        id: 'oneill',
        name: HOSTILE_NAME,
        evidence: [{ quote: HOSTILE_NAME, supports: ['name'] }],
      },
      {
        type: 'statement',
        id: 'hostile-words',
        speakers: ['person/oneill'],
        mode: 'indirect',
        topics: ['<i>"topic" & more'],
        parts: [
          { quote: HOSTILE_NAME, role: 'source' },
          { quote: 'said', role: 'cue' },
          { quote: HOSTILE_WORDS, role: 'content', supports: ['topics'] },
        ],
        inferences: [{ fields: ['speakers'], kind: 'identified', note: '<script>alert(6)</script>' }],
      },
    ],
  });
