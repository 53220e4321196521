import type { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { EXIT_CODES } from '../../src/cli/commands/options.ts';
import { buildProgram } from '../../src/cli/program.ts';
import { runCli } from '../support/process.ts';

/** Lists the commands without subcommands by full name, such as `keys create`. */
const listCommandNames = (command: Command, parentNames: string[] = []): string[] =>
  command.commands.flatMap((each) => {
    const name = [...parentNames, each.name()];
    return each.commands.length > 0 ? listCommandNames(each, name) : [name.join(' ')];
  });
const COMMAND_NAMES = listCommandNames(buildProgram());

function findCommand(program: Command, name: string): Command {
  let command: Command | undefined = program;
  for (const word of name.split(' ')) command = command?.commands.find((each) => each.name() === word);
  if (!command) throw new Error(`there is no command ${name}`);
  return command;
}

const listCommands = (command: Command): Command[] => [command, ...command.commands.flatMap(listCommands)];

function renderHelp(name: string): string {
  let help = '';
  const command = findCommand(buildProgram(), name);
  command.configureOutput({
    writeOut: (text) => {
      help += text;
    },
  });
  command.outputHelp();
  return help;
}

/** Splits the command lines under Examples into arguments as a shell would. */
const parseExamples = (help: string): string[][] =>
  [...help.matchAll(/^ {2}(?:[A-Z_]+=\S+ )?summit-facts (.+)$/gm)].map(([, line = '']) =>
    [...line.matchAll(/['"]([^'"]*)['"]|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? ''),
  );

/** Parses a command line without running it; rejects if it is invalid. */
async function parseCommandLine(args: string[]): Promise<void> {
  const program = buildProgram();
  for (const command of listCommands(program)) {
    if (command.commands.length === 0) command.action(() => {});
    command.configureOutput({ writeErr: () => {} });
  }
  await program.parseAsync(args, { from: 'user' });
}

describe('help', () => {
  it('lists the commands', () => {
    expect(COMMAND_NAMES).toEqual(
      expect.arrayContaining(['serve', 'migrate', 'check', 'import', 'export', 'reindex', 'backup']),
    );
  });

  it.each(COMMAND_NAMES)('of %s has a description, exit codes, --json and valid examples', async (name) => {
    const help = renderHelp(name);
    expect(findCommand(buildProgram(), name).description()).not.toBe('');
    expect(help).toContain('--json');
    for (const [code, meaning] of Object.entries(EXIT_CODES)) expect(help).toContain(`  ${code}  ${meaning}`);
    const examples = parseExamples(help);
    expect(examples.length).toBeGreaterThanOrEqual(2);
    for (const example of examples) {
      expect(example.join(' ').startsWith(name)).toBe(true);
      await expect(parseCommandLine(example), example.join(' ')).resolves.toBeUndefined();
    }
  });

  it.each([
    [['import']],
    [['check', '--stor', 'db/dossiers']],
    [['serve', '--port', '65536']],
    [['serve', '--port', '80a']],
    [['serve', '--host', '']],
    [['export', '--as-of', '0', 'folder']],
    [['export', '--as-of', 'yesterday', 'folder']],
    [['backup', 'one', 'two']],
    [['publish']],
  ])('rejects invalid usage: %o', async (args) => {
    await expect(parseCommandLine(args)).rejects.toMatchObject({
      code: expect.stringMatching(/^commander\./),
    });
  });
});

describe('exit codes', () => {
  it.each([
    [['--version'], 0, /^\d+\.\d+\.\d+\n$/, /^$/],
    [['import', '--help'], 0, /Examples:/, /^$/],
    [['export', '--as-of', '0', 'folder'], 2, /^$/, /--as-of.*must be a whole number from 1/],
    [[], 2, /^$/, /Commands:/],
  ])('%o', async (args, code, stdout, stderr) => {
    expect(await runCli(args)).toEqual({
      code,
      stdout: expect.stringMatching(stdout),
      stderr: expect.stringMatching(stderr),
    });
  });

  it('distinguish an invalid variable from a store that cannot be opened', async () => {
    expect(await runCli(['migrate', '--json'], { DATABASE_URL: 'mysql://x' })).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('DATABASE_URL="mysql://x"'),
    });
    const { code, stdout, stderr } = await runCli(['import', '--json', 'db/dossiers'], {
      DATABASE_URL: 'file:/dev/null/store.sqlite',
    });
    expect([code, stderr]).toEqual([
      3,
      expect.stringContaining('The database at file:/dev/null/store.sqlite'),
    ]);
    expect(JSON.parse(stdout)).toEqual({ error: stderr.trimEnd() });
  });
});
