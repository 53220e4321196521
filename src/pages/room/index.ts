import { html } from '../../html.ts';
import { layout } from '../layout.ts';
import type { Asked } from '../page.ts';
export interface Parameters {
  start?: number;
  end?: number;
  fact?: string;
  type?: string[];
}
export async function draw(asked: Asked<Parameters>) {
  return layout({ title: 'Room', description: '', styles: ['room.css'], main: html`` }, asked);
}
