import { type Command, InvalidArgumentError, Option } from 'commander';
import { text } from '../../model/fields.ts';
import { SCOPES } from '../../store/api-keys.ts';
import { parseExpiry } from '../expiry.ts';
import { addJsonOptionAndHelp } from './options.ts';

/** `summit-facts keys create|list|revoke` */
export function keysCommand(program: Command): void {
  const group = program.command('keys').description('manage API keys');
  createKeyCommand(group);
  listKeysCommand(group);
  revokeKeyCommand(group);
}

function createKeyCommand(group: Command): void {
  const command = group
    .command('create')
    .description('create a key; it is shown once')
    .requiredOption('--name <name>', 'the holder of the key, shown as the author of imports', parseKeyName)
    .addOption(
      new Option(
        '--scope <scope...>',
        'write: import and delete dossiers; read: read texts whose rights say excerpts',
      )
        .choices(SCOPES)
        .makeOptionMandatory(),
    )
    .addOption(
      new Option('--expires <when>', 'a day, an instant, a number of days such as 90d, or never')
        .argParser(parseExpiry)
        .default(parseExpiry('365d'), 'in a year'),
    )
    .action(async (options) => (await import('../keys.ts')).runCreateKey(options));
  addJsonOptionAndHelp(command, [
    'summit-facts keys create --name "news desk" --scope write --expires 90d',
    'summit-facts keys create --name partner --scope read --expires 2030-12-31 --json',
  ]);
}

function listKeysCommand(group: Command): void {
  const command = group
    .command('list')
    .description('list the keys without their secrets')
    .action(async (options) => (await import('../keys.ts')).runListKeys(options));
  addJsonOptionAndHelp(command, ['summit-facts keys list', 'summit-facts keys list --json']);
}

function revokeKeyCommand(group: Command): void {
  const command = group
    .command('revoke')
    .description('revoke a key immediately')
    .argument('<id>', 'the id of the key, as shown by keys list')
    .action(async (id: string, options) => (await import('../keys.ts')).runRevokeKey(id, options));
  addJsonOptionAndHelp(command, [
    'summit-facts keys revoke 0123456789ab',
    'summit-facts keys revoke 0123456789ab --json',
  ]);
}

/** Validates the name, which is public as the author of revisions. */
function parseKeyName(value: string): string {
  const { error } = text(200).safeParse(value);
  if (error) throw new InvalidArgumentError(`It ${error.issues[0]?.message}.`);
  if (/[\p{Cc}\ufffd]/u.test(value)) throw new InvalidArgumentError('It must be one line of plain text.');
  return value;
}
