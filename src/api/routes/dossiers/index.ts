/** Routes to read, check, import and delete dossiers. */
import type { FastifyInstance } from 'fastify';
import type { Store } from '../../../store/open.ts';
import type { ImportQueue } from '../../../workers/import-queue.ts';
import { getDossierRoutes, listDossiersRoute } from './read.ts';
import { checkDossierRoute, deleteDossierRoute, putDossierRoute } from './write.ts';

/** Adds the routes in an order in which the example requests of the documentation can run. */
export function dossierRoutes(app: FastifyInstance, store: Store, importQueue: ImportQueue): void {
  checkDossierRoute(app, store, importQueue);
  putDossierRoute(app, store, importQueue);
  listDossiersRoute(app, store);
  getDossierRoutes(app, store);
  deleteDossierRoute(app, store, importQueue);
}
