import { createEtag } from '../http/etag.ts';
import type { StoredDossier } from '../store/queries/dossiers.ts';

/** The ETag of a dossier, whatever it is asked for as: it changes only with the dossier itself. */
export const createDossierEtag = ({ id, revision }: Pick<StoredDossier, 'id' | 'revision'>): string =>
  createEtag(['dossier', id, revision]);
