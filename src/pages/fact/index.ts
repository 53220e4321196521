import { html } from '../../html.ts';
import { layout } from '../layout.ts';
import type { Asked } from '../page.ts';
export const drawFact = (_collection: string) => async (asked: Asked) =>
  layout({ title: 'Fact', description: '', styles: ['fact.css'], main: html`` }, asked);
