/** The table of every collection. */
import { html } from '../../html.ts';
import { layout } from '../layout.ts';
import type { Asked } from '../page.ts';

export interface Parameters {
  collection?: string;
}

export async function draw(asked: Asked<Parameters>) {
  return layout(
    { title: 'Explore', description: '', styles: ['explore.css'], current: '/explore', main: html`` },
    asked,
  );
}
