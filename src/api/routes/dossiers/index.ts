/** Dossiers: what facts are made of, to read, check, put and delete. */
import type { FastifyInstance } from 'fastify';
import type { Store } from '../../../store/open.ts';
import type { Importer } from '../../../workers/import-queue.ts';
import { dossierFiles, dossierList } from './read.ts';
import { dossierChecks, dossierDeletions, dossierImports } from './write.ts';

/** In the order in which the examples of the documentation can be asked for. */
export function dossiers(app: FastifyInstance, store: Store, importer: Importer): void {
  dossierChecks(app, store, importer);
  dossierImports(app, store, importer);
  dossierList(app, store);
  dossierFiles(app, store);
  dossierDeletions(app, store, importer);
}
