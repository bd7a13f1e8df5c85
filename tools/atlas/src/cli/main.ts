import { CommanderError } from 'commander';
import { EXIT, UsageError } from '../diagnostics/usageError.ts';
import { commands } from './commands.ts';

/** Runs one command line, and returns the exit code. Atlas never calls `process.exit`, which would cut off output. */
export async function run(args: readonly string[]): Promise<number> {
  const cwd = process.cwd();
  let code: number = EXIT.clean;
  const program = commands(cwd, (result) => (code = result));
  try {
    await program.parseAsync([...args], { from: 'user' });
    return code;
  } catch (error) {
    return failed(error, args);
  }
}

/** Errors of the disk or its permissions: not a bug, and not a fault of the specs. */
const REFUSALS: ReadonlySet<unknown> = new Set(['EACCES', 'EPERM', 'EROFS', 'ENOSPC', 'EDQUOT', 'EMFILE', 'ENFILE']);

function failed(error: unknown, args: readonly string[]): number {
  // Commander has printed its message already: it exits with 0 after --help and --version, and with 1 after wrong
  // usage.
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.clean : EXIT.usage;
  if (error instanceof UsageError) {
    process.stderr.write(`atlas: ${error.message}\n`);
    return EXIT.usage;
  }
  const [message] = (error instanceof Error ? error.message : String(error)).split('\n');
  const undone = args[0] === 'generate' ? '; nothing was written' : '';
  if (error instanceof Error && 'code' in error && REFUSALS.has(error.code)) {
    process.stderr.write(`atlas: ${message}${undone}\n`);
    return EXIT.usage;
  }
  process.stderr.write(`atlas: internal error: ${message}${undone} (--debug prints the stack trace)\n`);
  if (args.includes('--debug') && error instanceof Error) process.stderr.write(`${error.stack ?? ''}\n`);
  return EXIT.bug;
}
