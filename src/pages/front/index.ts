/** The front page: the summit at a glance. */
import { html } from '../../html.ts';
import { layout } from '../layout.ts';
import type { Asked } from '../page.ts';

export interface Parameters {
  document?: string;
}

export async function draw(asked: Asked<Parameters>) {
  return layout(
    { title: 'At a glance', description: '', styles: ['front.css'], current: '/', main: html`` },
    asked,
  );
}
