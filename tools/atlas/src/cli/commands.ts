import { Command, Option } from 'commander';
import { MODES } from '../read/avro/levels.ts';
import { UsageError } from '../diagnostics/usageError.ts';
import { formats, type Format } from '../report/formats.ts';
import type { CompareFlags } from './compareVersions.ts';
import type { DiffFlags } from './diffCommand.ts';
import { CONFIG_NAMES, findConfig } from './findConfig.ts';
import { ENVIRONMENT, EXIT_CODES, examplesText, HELP, PROGRAM_HELP } from './help.ts';
import type { Talk } from './talk.ts';
import { toolkitVersion } from './version.ts';

interface SpecOptions {
  readonly config?: string;
  readonly format: Format;
}

interface GenerateFlags extends SpecOptions {
  readonly check?: true;
  readonly watch?: true;
  readonly dryRun?: true;
  readonly only?: string;
  readonly force?: true;
}

interface InitFlags {
  readonly config?: string;
  readonly aggregate?: string;
  readonly reads?: string;
  readonly service?: string;
}

/** Output formats of `diff`; the first is the default. */
const DIFF_FORMATS = ['text', 'markdown'] as const;

/** Output formats of `graph`; the first is the default. */
const GRAPH_FORMATS = ['mermaid', 'json'] as const;

/** The command line. A command loads its code when it runs, and passes its exit code to `end`. */
export function commands(cwd: string, end: (code: number) => void): Command {
  const program = new Command('atlas')
    .description(PROGRAM_HELP.description)
    .usage('<command> [options]')
    .version(toolkitVersion(), '--version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .helpCommand('help [command]', 'print the help of a command')
    .exitOverride()
    .showSuggestionAfterError()
    .showHelpAfterError('"atlas --help" lists the commands')
    .configureOutput({ outputError: (text, write) => write(text.replace(/^error: /, 'atlas: ')) })
    .addHelpText('after', examplesText(PROGRAM_HELP))
    .addHelpText('afterAll', EXIT_CODES);

  verb(program, 'generate')
    .addOption(formatOption())
    .option('--check', 'write nothing; fail if a generated file is out of date')
    .option('--watch', 'keep running, and generate again whenever a spec changes')
    .option('--dry-run', 'write nothing; print the files that would change')
    .option('--only <service>', 'write the files of this service only')
    .option('--force', 'overwrite generated files that were edited by hand')
    .action(async (options: GenerateFlags) => {
      if ([options.check, options.watch, options.dryRun].filter(Boolean).length > 1)
        throw new UsageError('use only one of --check, --watch and --dry-run');
      const config = findConfig(options.config, cwd);
      const { only, force = false } = options;
      const mode = options.check ? 'check' : options.dryRun ? 'dry-run' : 'write';
      const run = { config, mode, only, force } as const;
      const command = options.watch ? (await import('./watch.ts')).watch : (await import('./generate.ts')).generate;
      end(await command(run, await talkIn(options.format, cwd)));
    });

  verb(program, 'check')
    .addOption(formatOption())
    .option('--official', 'also run @asyncapi/parser and Redocly')
    .action(async (options: SpecOptions & { official?: true }) => {
      const { checkCommand } = await import('./checkCommand.ts');
      end(
        await checkCommand(
          findConfig(options.config, cwd),
          options.official === true,
          await talkIn(options.format, cwd),
        ),
      );
    });

  versions(verb(program, 'breaking'))
    .addOption(formatOption([...formats, 'markdown']))
    .action(async (files: readonly string[], options: CompareFlags) => {
      const { breakingCommand } = await import('./breakingCommand.ts');
      end(await breakingCommand(files, options, cwd));
    });

  versions(verb(program, 'diff'))
    .addOption(new Option('--format <format>', 'output format').choices([...DIFF_FORMATS]).default(DIFF_FORMATS[0]))
    .action(async (files: readonly string[], options: DiffFlags) => {
      const { diffCommand } = await import('./diffCommand.ts');
      end(await diffCommand(files, options, cwd));
    });

  verb(program, 'register')
    .addOption(formatOption())
    .option('--dry-run', 'change nothing; print what would change')
    .addHelpText('after', ENVIRONMENT)
    .action(async (options: SpecOptions & { dryRun?: true }) => {
      const { registerCommand } = await import('./registerCommand.ts');
      end(
        await registerCommand(
          findConfig(options.config, cwd),
          options.dryRun === true,
          await talkIn(options.format, cwd),
        ),
      );
    });

  verb(program, 'graph')
    .addOption(new Option('--format <format>', 'output format').choices([...GRAPH_FORMATS]).default(GRAPH_FORMATS[0]))
    .action(async (options: { config?: string; format: (typeof GRAPH_FORMATS)[number] }) => {
      const { graph } = await import('./graph.ts');
      end(await graph(findConfig(options.config, cwd), options.format === 'json', await talkIn('text', cwd)));
    });

  verb(program, 'init')
    .argument('<kind>', 'what to add: service or handler')
    .argument('<name>', 'of a service: words in lower case, joined by "-"; of a handler: its name in the specs')
    .option('--aggregate <name>', 'what the service is about (default: its name)')
    .option('--reads <message>', 'the message of another service that it reads (default: the first one)')
    .option('--service <name>', 'the service that gets the handler, if several lack it')
    .action(async (kind: string, name: string, options: InitFlags) => {
      const { initHandler, initService } = await import('./initCommand.ts');
      const { config, aggregate, reads, service } = options;
      if (kind === 'handler')
        return end(await initHandler({ name, service }, findConfig(config, cwd), await talkIn('text', cwd)));
      if (kind !== 'service')
        throw new UsageError(`init ${kind}: atlas adds services and handlers: atlas init service <name>`);
      end(await initService({ name, aggregate, reads }, findConfig(config, cwd), await talkIn('text', cwd)));
    });

  withHelp(program, 'explain')
    .argument('<code>', 'such as ATL2003, or a change that breaking found')
    .action(async (code: string) => {
      const { explain } = await import('./explain.ts');
      end(await explain(code, await talkIn('text', cwd)));
    });
  return program;
}

/** How a command prints. It is loaded late, because a command that prints nothing does not need it. */
async function talkIn(format: Format, cwd: string): Promise<Talk> {
  const { talk } = await import('./talk.ts');
  return talk(format, cwd);
}

/** Arguments and options of a command that compares two versions. */
function versions(command: Command): Command {
  return command
    .argument(
      '[files...]',
      'the old document and the new one; for Avro and JSON Schema also several old ones, or a folder',
    )
    .option('--against <version>', 'compare the repository with a git ref, a folder or a configuration file')
    .option('--accepted <file>', 'accepted breaks (default: accepted-breaks.yaml beside the configuration)')
    .option('--strict', 'treat names that a schema does not declare as promised')
    .addOption(
      new Option('--mode <mode>', 'who reads what, for Avro, JSON Schema and payloads of AsyncAPI').choices([...MODES]),
    );
}

/** A command that reads the specs. */
function verb(program: Command, name: keyof typeof HELP): Command {
  return withHelp(program, name)
    .option('--config <file>', `configuration (default: the nearest ${CONFIG_NAMES.join(' or ')}, here or above)`)
    .option('--debug', 'print the stack trace of an internal error');
}

function withHelp(program: Command, name: keyof typeof HELP): Command {
  const help = HELP[name];
  return program
    .command(name)
    .summary(help.summary)
    .description(help.description)
    .exitOverride()
    .helpOption('-h, --help', 'print this help')
    .showHelpAfterError(`"atlas ${name} --help" lists what it takes`)
    .addHelpText('after', examplesText(help));
}

function formatOption(choices: readonly string[] = formats): Option {
  return new Option('--format <format>', 'output format; text goes to stderr, the others to stdout')
    .choices([...choices])
    .default(formats[0]);
}
