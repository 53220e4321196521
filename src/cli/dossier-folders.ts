import {
  isDossierFolder,
  listDossierFolders,
  readDossier,
  UnreadableDossierError,
} from '../dossier/files.ts';
import type { DossierFiles } from '../dossier/validate.ts';
import type { FolderProblem } from '../dossier/validation-errors.ts';
import { CommandError, withPath } from './errors.ts';

/**
 * Folders that a command works on, without repetitions; throws if none of the paths leads to a dossier. A path
 * without dossiers is one of them, because reading it reports the reason.
 */
export function collectDossierFolders(paths: string[]): string[] {
  const folders = [
    ...new Set(
      paths.flatMap((path) => {
        const found = listDossierFolders(path);
        return found.length > 0 ? found : [path];
      }),
    ),
  ];
  if (folders.some(isDossierFolder)) return folders;
  const failures = folders.map((folder) => ({ folder, ...tryReadDossier(folder) }));
  throw new CommandError(failures.map(({ message }) => message).join('\n'), {
    problems: failures.flatMap(({ folder, problems }) =>
      problems.map((problem) => withPath(folder, problem)),
    ),
  });
}

interface ReadResult {
  /** Null if a file cannot be read. */
  files: DossierFiles | null;
  problems: FolderProblem[];
  message: string;
}

/** Reads a dossier folder, and returns the problems of its files instead of throwing them. */
export function tryReadDossier(folder: string): ReadResult {
  try {
    return { files: readDossier(folder), problems: [], message: '' };
  } catch (error) {
    if (!(error instanceof UnreadableDossierError)) throw error;
    return { files: null, problems: error.problems, message: error.message };
  }
}
