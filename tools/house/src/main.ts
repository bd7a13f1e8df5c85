import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { GATES, runGates } from './gates/runGates.ts';
import { readTree } from './gates/tree.ts';
import { importRules } from './imports/importRules.ts';
import { suite } from './run/suite.ts';

/** The commands of the Makefile and of the steps of `make check`: `node tools/house/src/main.ts <command>`. */
const root = join(import.meta.dirname, '../../..');

interface HouseCommand {
  readonly does: string;
  /** What `--check` does instead, if there is such an option. */
  readonly check?: string;
  /** Returns the exit code. */
  run(check: boolean): number | Promise<number>;
}

const commands: Readonly<Record<string, HouseCommand>> = {
  check: { does: 'runs the fast part of the tests, as "make check" does', run: () => suite('check') },
  test: {
    does: 'runs all tests, as "make test" does, on the stack that is up or on one of its own',
    run: () => suite('test'),
  },
  gates: { does: 'finds files that break a house rule (docs/STYLE.md)', run: () => runGates(GATES, readTree(root)) },
  imports: { does: 'finds import cycles and forbidden imports', run: () => importRules(root) },
  // These need the toolkit. They are loaded late, so that the runner can report a toolkit that does not load.
  baseline: {
    does: 'finds changes of specs and migrations that break the release in specs/baseline',
    run: async () => (await import('./baseline/baseline.ts')).baseline(root),
  },
  official: {
    does: 'finds specs that the official tools refuse, and Atlas does not',
    run: async () => (await import('./official/official.ts')).official(root),
  },
  reference: {
    does: 'writes the reference pages, and the services of docker-compose.yml',
    check: 'writes nothing, and finds pages that differ',
    run: async (check) => {
      const { checkReference, writeReference } = await import('./reference/reference.ts');
      if (check) return checkReference(root);
      writeReference(root);
      return 0;
    },
  },
};

const USAGE = 'usage: node tools/house/src/main.ts';

process.exitCode = await main(process.argv.slice(2));

async function main(args: readonly string[]): Promise<number> {
  const [name = ''] = args;
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  const help = command ? helpOf(name, command) : overview();
  const asked = optionsOf(command ? args.slice(1) : args, command?.check !== undefined);
  if (asked === undefined || (command === undefined && !asked.help)) {
    console.error(help);
    return 2;
  }
  if (command === undefined || asked.help) {
    console.log(help);
    return 0;
  }
  process.chdir(root);
  return command.run(asked.check);
}

/** Undefined if there is an argument that the command does not have. */
function optionsOf(
  args: readonly string[],
  hasCheck: boolean,
): { readonly help: boolean; readonly check: boolean } | undefined {
  const flag = { type: 'boolean', default: false } as const;
  try {
    const { values } = parseArgs({ args: [...args], options: { help: { ...flag, short: 'h' }, check: flag } });
    return values.check && !hasCheck ? undefined : values;
  } catch {
    return undefined;
  }
}

function helpOf(name: string, { does, check }: HouseCommand): string {
  const options = check === undefined ? '' : `\n\n  --check  ${check}`;
  return `${USAGE} ${name}${check === undefined ? '' : ' [--check]'}\n\nIt ${does}.${options}`;
}

function overview(): string {
  const lines = Object.entries(commands).map(([name, { does }]) => `  ${name.padEnd(10)} ${does}`);
  return `${USAGE} <command> [--help]\n\n${lines.join('\n')}`;
}
