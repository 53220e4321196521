import { type Command, InvalidArgumentError, Option } from 'commander';
import { text } from '../../model/fields.ts';
import { SCOPES } from '../../store/queries/api-keys.ts';
import { expiry } from '../expiry.ts';
import { withExamples } from './options.ts';

/** `summit-facts keys create|list|revoke` */
export function keys(program: Command): void {
  const group = program
    .command('keys')
    .description('make, list and revoke the keys that the API wants of those who write');
  create(group);
  list(group);
  revoke(group);
}

function create(group: Command): void {
  const command = group
    .command('create')
    .description('make a key; it is shown once')
    .requiredOption('--name <name>', 'who has it: the author of what it writes', keyName)
    .addOption(
      new Option(
        '--scope <scope...>',
        'write: to import and delete dossiers; read: to read texts marked excerpts',
      )
        .choices(SCOPES)
        .makeOptionMandatory(),
    )
    .addOption(
      new Option('--expires <when>', 'a day, an instant, a number of days such as 90d, or never')
        .argParser(expiry)
        .default(expiry('365d'), 'in a year'),
    )
    .action(async (options) => (await import('../keys.ts')).createKeyFor(options));
  withExamples(command, [
    'summit-facts keys create --name "news desk" --scope write --expires 90d',
    'summit-facts keys create --name partner --scope read --expires 2030-12-31 --json',
  ]);
}

function list(group: Command): void {
  const command = group
    .command('list')
    .description('list the keys, without what they are')
    .action(async (options) => (await import('../keys.ts')).printKeys(options));
  withExamples(command, ['summit-facts keys list', 'summit-facts keys list --json']);
}

function revoke(group: Command): void {
  const command = group
    .command('revoke')
    .description('make a key good for nothing, at once')
    .argument('<id>', 'the id of the key, as list shows it')
    .action(async (id: string, options) => (await import('../keys.ts')).revoke(id, options));
  withExamples(command, [
    'summit-facts keys revoke 0123456789ab',
    'summit-facts keys revoke 0123456789ab --json',
  ]);
}

/** Everybody reads it, as the author of revisions. */
function keyName(written: string): string {
  const { error } = text(200).safeParse(written);
  if (error) throw new InvalidArgumentError(`It ${error.issues[0]?.message}.`);
  if (/[\p{Cc}\ufffd]/u.test(written)) throw new InvalidArgumentError('It must be one line of plain text.');
  return written;
}
