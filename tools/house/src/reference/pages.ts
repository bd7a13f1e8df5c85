import { spawnSync } from 'node:child_process';
import { allCodes } from '@atlas/cli/codes';

/** The command line, as `--help` describes it: the program first, then each verb. */
export function cliPage(): string {
  const program = help();
  const verbs = [...program.matchAll(/^ {2}([a-z]+)(?: |$)/gm)]
    .map(([, verb]) => verb ?? '')
    .filter((verb) => verb !== '' && verb !== 'help');
  const sections = verbs.map((verb) => `## atlas ${verb}\n\n${fenced(help(verb))}`);
  return `${['# Command line', 'Run it as `npx atlas` from the root. Within make it is in PATH.', fenced(program), ...sections].join('\n\n')}\n`;
}

function help(...verb: readonly string[]): string {
  const { stdout, status, stderr } = spawnSync('atlas', [...verb, '--help'], {
    encoding: 'utf8',
    env: { ...process.env, NO_COLOR: '1', COLUMNS: '110' },
  });
  if (status !== 0) throw new Error(`atlas ${verb.join(' ')} --help exits with ${status}: ${stderr}`);
  return stdout.trimEnd();
}

function fenced(text: string): string {
  return `\`\`\`text\n${text}\n\`\`\``;
}

const FAMILIES: Readonly<Record<string, string>> = {
  ATL1: 'Reading files and the configuration',
  ATL2: 'OpenAPI',
  ATL3: 'AsyncAPI',
  ATL4: 'Avro',
  ATL5: 'Across files and services',
  ATL6: 'Names and planned files',
  ATL7: 'Writing',
  ATL8: 'Registering',
  ATL9: 'Comparing two versions',
};

/** Every code that atlas can report, with the texts of `atlas explain`. */
export function diagnosticsPage(): string {
  const families = Object.entries(FAMILIES).map(([prefix, title]) => {
    const codes = allCodes.filter(({ code }) => code.startsWith(prefix));
    return codes.length === 0 ? '' : [`## ${title}`, ...codes.map(entry)].join('\n\n');
  });
  const head = `# Diagnostics

What \`atlas\` can find, and how to fix it. \`atlas explain <code>\` prints one entry. Exit codes: 0 no findings, 1 a bug in atlas, 2 wrong usage or configuration, 100 findings or drift.`;
  return `${[head, ...families.filter((family) => family !== '')].join('\n\n')}\n`;
}

function entry({ code, title, explain }: (typeof allCodes)[number]): string {
  const example = (label: string, text: string | undefined): readonly string[] =>
    text === undefined ? [] : [`${label}:`, `\`\`\`\n${text}\n\`\`\``];
  return [
    `### ${code}: ${title}`,
    explain.why,
    ...example('Wrong', explain.bad),
    ...example('Fixed', explain.good),
  ].join('\n\n');
}
