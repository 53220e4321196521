import { etagOf } from '../http/conditional.ts';
import type { StoredDossier } from '../store/dossiers.ts';

/** The ETag of a dossier, whatever it is asked for as: it changes only with the dossier itself. */
export const dossierTag = ({ id, revision }: Pick<StoredDossier, 'id' | 'revision'>): string =>
  etagOf(['dossier', id, revision]);
