import {
  isDossierFolder,
  listDossierFolders,
  tryReadDossier,
  UnreadableDossierError,
} from '../dossier/files.ts';
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
  const failures = folders.flatMap((folder) => {
    const error = tryReadDossier(folder);
    return error instanceof UnreadableDossierError ? [{ folder, error }] : [];
  });
  throw new CommandError(failures.map(({ error }) => error.message).join('\n'), {
    problems: failures.flatMap(({ folder, error }) =>
      error.problems.map((problem) => withPath(folder, problem)),
    ),
  });
}
