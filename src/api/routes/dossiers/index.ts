/** Routes to read, check, import and delete dossiers. */
import type { FastifyInstance } from 'fastify';
import type { ImportQueue } from '../../../workers/import-queue.ts';
import type { FactService } from '../../service/snapshot-reader.ts';
import { getDossierRoutes, listDossiersRoute } from './read.ts';
import { checkDossierRoute, deleteDossierRoute, putDossierRoute } from './write.ts';

/** Adds the routes in an order in which the example requests of the documentation can run. */
export function dossierRoutes(app: FastifyInstance, service: FactService, importQueue: ImportQueue): void {
  checkDossierRoute(app, service.store, importQueue);
  putDossierRoute(app, service.store, importQueue);
  listDossiersRoute(app, service);
  getDossierRoutes(app, service);
  deleteDossierRoute(app, service.store, importQueue);
}
