/** Dossiers: what facts are made of, to read, check, put and delete. */
import type { FastifyInstance } from 'fastify';
import type { Store } from '../../../store/open.ts';
import type { ImportQueue } from '../../../workers/import-queue.ts';
import { getDossierRoutes, listDossiersRoute } from './read.ts';
import { checkDossierRoute, deleteDossierRoute, putDossierRoute } from './write.ts';

/** In the order in which the examples of the documentation can be asked for. */
export function dossierRoutes(app: FastifyInstance, store: Store, importQueue: ImportQueue): void {
  checkDossierRoute(app, store, importQueue);
  putDossierRoute(app, store, importQueue);
  listDossiersRoute(app, store);
  getDossierRoutes(app, store);
  deleteDossierRoute(app, store, importQueue);
}
