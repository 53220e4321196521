/** Entry point of the command line, `npx summit-facts <command>`. */
import { runCommand } from './run.ts';

const exitCode = await runCommand(process.argv.slice(2));
// Exit explicitly: a driver may still hold a socket to a database server that waits for a password.
if (exitCode !== 0) process.exit(exitCode);
