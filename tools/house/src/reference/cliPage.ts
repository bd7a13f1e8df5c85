import { spawnSync } from 'node:child_process';

/** The command line as its own `--help` tells it: the program's, then each verb's. */
export function cliPage(): string {
  const program = help();
  const verbs = [...program.matchAll(/^ {2}([a-z]+)(?: |$)/gm)]
    .map(([, verb]) => verb ?? '')
    .filter((verb) => verb !== '' && verb !== 'help');
  const sections = verbs.map((verb) => `## atlas ${verb}\n\n${fenced(help(verb))}`);
  return `${['# Command line', 'Run it as `npx atlas` from the root; within make it is in PATH.', fenced(program), ...sections].join('\n\n')}\n`;
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
