import { Command, CommanderError, Option } from 'commander';
import { formats, type Format } from '../report/render.ts';
import { EXIT, UsageError } from '../diagnostics/usageError.ts';
import { findConfig } from './findConfig.ts';
import { graphForms } from './graphForms.ts';
import { talk } from './talk.ts';
import { toolkitVersion } from './version.ts';

interface Everywhere {
  readonly config?: string;
  readonly format: Format;
}

/** Runs one command line; gives the exit code. Nothing of atlas calls `process.exit`: output would be cut off. */
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

/** What a disk or its owner refuses: no bug, and nothing in the specs. */
const REFUSALS: ReadonlySet<unknown> = new Set(['EACCES', 'EPERM', 'EROFS', 'ENOSPC', 'EDQUOT', 'EMFILE', 'ENFILE']);

function failed(error: unknown, args: readonly string[]): number {
  // Commander has said it already: --help and --version end with 0, wrong usage with 1.
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.clean : EXIT.usage;
  if (error instanceof UsageError) {
    process.stderr.write(`atlas: ${error.message}\n`);
    return EXIT.usage;
  }
  const [message] = (error instanceof Error ? error.message : String(error)).split('\n');
  const undone = args[0] === 'generate' ? ', nothing was written' : '';
  if (error instanceof Error && 'code' in error && REFUSALS.has(error.code)) {
    process.stderr.write(`atlas: ${message}${undone}\n`);
    return EXIT.usage;
  }
  process.stderr.write(`atlas: a bug in atlas${undone}: ${message} (--debug shows where)\n`);
  if (args.includes('--debug') && error instanceof Error) process.stderr.write(`${error.stack ?? ''}\n`);
  return EXIT.bug;
}

function commands(cwd: string, end: (code: number) => void): Command {
  const program = new Command('atlas')
    .description('Services from OpenAPI and AsyncAPI specs: routes, producers, consumers, outbox.')
    .version(toolkitVersion(), '--version')
    .exitOverride()
    .showSuggestionAfterError()
    .addHelpText('after', '\nExit codes: 0 clean, 1 a bug in atlas, 2 usage or configuration, 100 findings or drift.');

  const verb = (
    name: string,
    description: string,
    examples: readonly string[],
    forms: readonly string[] = formats,
  ): Command =>
    program
      .command(name)
      .description(description)
      .exitOverride()
      .option('--config <file>', 'the configuration; default: specs/atlas.config.yaml, found upwards')
      .addOption(new Option('--format <format>', 'how the result is printed').choices([...forms]).default(forms[0]))
      .option('--debug', 'show the stack of a bug in atlas')
      .addHelpText('after', `\nExamples:\n${examples.map((example) => `  $ atlas ${example}`).join('\n')}`);

  verb('generate', 'write the code that the specs give', [
    'generate',
    'generate --check         fails on drift and names each file, for CI',
    'generate --watch         again at each save',
    'generate --only tickets  one service',
  ])
    .option('--check', 'write nothing; fail where a file is not what the specs give')
    .option('--watch', 'stay, and generate again whenever a spec changes')
    .option('--dry-run', 'write nothing; print what would change')
    .option('--only <service>', "write this service's files only")
    .option('--force', 'overwrite generated files that were edited by hand')
    .action(
      async (options: Everywhere & { check?: true; watch?: true; dryRun?: true; only?: string; force?: true }) => {
        if ([options.check, options.watch, options.dryRun].filter(Boolean).length > 1)
          throw new UsageError('--check, --watch and --dry-run exclude each other');
        const config = findConfig(options.config, cwd);
        const { only, force = false } = options;
        const mode = options.check ? 'check' : options.dryRun ? 'dry-run' : 'write';
        const run = { config, mode, only, force } as const;
        const command = options.watch ? (await import('./watch.ts')).watch : (await import('./generate.ts')).generate;
        end(await command(run, talk(options.format, cwd)));
      },
    );

  verb('check', 'say what is wrong with the specs', [
    'check',
    'check --official               asks @asyncapi/parser and Redocly too',
    'check --format github-actions  annotations for CI',
  ])
    .option('--official', 'ask @asyncapi/parser and Redocly too')
    .action(async (options: Everywhere & { official?: true }) => {
      const { checkCommand } = await import('./checkCommand.ts');
      end(await checkCommand(findConfig(options.config, cwd), options.official === true, talk(options.format, cwd)));
    });

  verb('register', 'register Avro schemas, set compatibility, create topics', ['register --dry-run', 'register'])
    .option('--dry-run', 'change nothing; print what would change')
    .action(async (options: Everywhere & { dryRun?: true }) => {
      const { registerCommand } = await import('./registerCommand.ts');
      end(await registerCommand(findConfig(options.config, cwd), options.dryRun === true, talk(options.format, cwd)));
    });

  verb('graph', 'print who sends what to whom', ['graph > system.mmd', 'graph --format json'], graphForms).action(
    async (options: { config?: string; format: string }) => {
      const form = graphForms.find((name) => name === options.format) ?? 'mermaid';
      const { graph } = await import('./graph.ts');
      end(await graph(findConfig(options.config, cwd), form, talk('text', cwd)));
    },
  );

  program
    .command('explain')
    .description('say what a finding means, and how to mend it')
    .exitOverride()
    .argument('<code>', 'such as ATL2003')
    .addHelpText('after', '\nExamples:\n  $ atlas explain ATL2003')
    .action(async (code: string) => {
      const { explain } = await import('./explain.ts');
      end(explain(code, talk('text', cwd)));
    });
  return program;
}
