import { Command, CommanderError, Option } from 'commander';
import { formats, type Format } from '../diagnostics/index.ts';
import { checkCommand } from './checkCommand.ts';
import { EXIT, UsageError } from './errors.ts';
import { explain } from './explain.ts';
import { findConfig } from './findConfig.ts';
import { generate } from './generate.ts';
import { graph } from './graph.ts';
import { registerCommand } from './registerCommand.ts';
import { talk } from './talk.ts';
import { toolkitVersion } from './version.ts';
import { watch } from './watch.ts';

interface Everywhere {
  readonly config?: string;
  readonly format: Format;
  readonly debug: boolean;
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
    return failed(error, args.includes('--debug'));
  }
}

function failed(error: unknown, debug: boolean): number {
  // Commander has said it already: --help and --version end with 0, wrong usage with 1.
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.clean : EXIT.usage;
  if (error instanceof UsageError) {
    process.stderr.write(`atlas: ${error.message}\n`);
    return EXIT.usage;
  }
  const message = error instanceof Error ? error.message : String(error);
  process.stderr.write(
    `atlas: a bug in atlas, nothing was written: ${message.split('\n')[0] ?? ''} (--debug shows where)\n`,
  );
  if (debug && error instanceof Error) process.stderr.write(`${error.stack ?? ''}\n`);
  return EXIT.bug;
}

function commands(cwd: string, end: (code: number) => void): Command {
  const program = new Command('atlas')
    .description('Services from OpenAPI and AsyncAPI specs: routes, producers, consumers, outbox.')
    .version(toolkitVersion(), '--version')
    .exitOverride()
    .showSuggestionAfterError()
    .addHelpText('after', '\nExit codes: 0 clean, 1 a bug in atlas, 2 usage or configuration, 100 findings or drift.');

  const verb = (name: string, description: string, examples: readonly string[]): Command =>
    program
      .command(name)
      .description(description)
      .exitOverride()
      .option('--config <file>', 'the configuration; default: specs/atlas.config.yaml, found upwards')
      .addOption(new Option('--format <format>', 'how findings are printed').choices([...formats]).default('text'))
      .option('--debug', 'show the stack of a bug in atlas', false)
      .addHelpText('after', `\nExamples:\n${examples.map((example) => `  $ atlas ${example}`).join('\n')}`);

  verb('generate', 'write the code that the specs give', [
    'generate',
    'generate --check         fails on drift and names each file, for CI',
    'generate --watch         again at each save',
    'generate --only tickets  one service',
  ])
    .option('--check', 'write nothing; fail where a file is not what the specs give', false)
    .option('--watch', 'stay, and generate again whenever a spec changes', false)
    .option('--dry-run', 'write nothing; print what would change', false)
    .option('--only <service>', "write this service's files only")
    .option('--force', 'overwrite generated files that were edited by hand', false)
    .action(
      async (
        options: Everywhere & { check: boolean; watch: boolean; dryRun: boolean; only?: string; force: boolean },
      ) => {
        if ([options.check, options.watch, options.dryRun].filter(Boolean).length > 1)
          throw new UsageError('--check, --watch and --dry-run exclude each other');
        const config = findConfig(options.config, cwd);
        const { only, force } = options;
        const mode = options.check ? 'check' : options.dryRun ? 'dry-run' : 'write';
        const run = { config, mode, only, force } as const;
        end(await (options.watch ? watch : generate)(run, talk(options.format, cwd)));
      },
    );

  verb('check', 'say what is wrong with the specs', [
    'check',
    'check --official               asks @asyncapi/parser and Redocly too',
    'check --format github-actions  annotations for CI',
  ])
    .option('--official', 'ask @asyncapi/parser and Redocly too', false)
    .action(async (options: Everywhere & { official: boolean }) => {
      end(await checkCommand(findConfig(options.config, cwd), options.official, talk(options.format, cwd)));
    });

  verb('register', 'register Avro schemas, set compatibility, create topics', ['register --dry-run', 'register'])
    .option('--dry-run', 'change nothing; print what would change', false)
    .action(async (options: Everywhere & { dryRun: boolean }) => {
      end(await registerCommand(findConfig(options.config, cwd), options.dryRun, talk(options.format, cwd)));
    });

  verb('graph', 'print who sends what to whom', ['graph > system.mmd', 'graph --as json'])
    .addOption(new Option('--as <form>', 'what is printed').choices(['mermaid', 'json']).default('mermaid'))
    .action(async (options: Everywhere & { as: string }) => {
      end(
        await graph(
          findConfig(options.config, cwd),
          options.as === 'json' ? 'json' : 'mermaid',
          talk(options.format, cwd),
        ),
      );
    });

  program
    .command('explain')
    .description('say what a finding means, and how to mend it')
    .exitOverride()
    .argument('<code>', 'such as ATL2003')
    .addHelpText('after', '\nExamples:\n  $ atlas explain ATL2003')
    .action((code: string) => end(explain(code, talk('text', cwd))));
  return program;
}
