import { createEtag } from '../http/etag.ts';
import type { StoredDossier } from '../store/queries/dossiers.ts';

/** Returns the ETag of a dossier. All formats share it, and it changes only with the dossier itself. */
export const createDossierEtag = ({ id, revision }: Pick<StoredDossier, 'id' | 'revision'>): string =>
  createEtag(['dossier', id, revision]);
