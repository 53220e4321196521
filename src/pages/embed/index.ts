import { html } from '../../html.ts';
import type { Asked } from '../page.ts';
export const drawCard = (_collection: string) => async (_asked: Asked) => html``;
