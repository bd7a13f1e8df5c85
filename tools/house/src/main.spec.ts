import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const COMMANDS = ['check', 'test', 'gates', 'imports', 'baseline', 'official', 'reference'];

/** From another folder, as somebody may. */
function house(...args: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(import.meta.dirname, 'main.ts'), ...args], {
    encoding: 'utf8',
    cwd: tmpdir(),
    // a command that runs instead of printing its help
    timeout: 20_000,
  });
  return { status, stdout, stderr };
}

describe('the commands of the house', () => {
  it.each(COMMANDS)('%s --help says what it does, and does nothing', (name) => {
    const help = { status: 0, stdout: expect.stringMatching(`^usage: .*main.ts ${name}[^]*\n\nIt `), stderr: '' };
    expect(house(name, '--help')).toEqual(help);
  });

  it('are listed by --help, and if none or an unknown one is named', () => {
    const { status, stdout, stderr } = house('--help');
    expect([status, stderr]).toEqual([0, '']);
    expect([...stdout.matchAll(/^ {2}(\w+) /gm)].map(([, name]) => name)).toEqual(COMMANDS);
    for (const args of [[], ['chekc'], ['constructor']])
      expect(house(...args)).toEqual({ status: 2, stdout: '', stderr: stdout });
  });

  it.each([
    ['check', '--chekc'],
    ['check', '--check'],
    ['gates', 'all'],
    ['reference', '--chekc'],
  ])('refuse an argument that they do not have: %s %s', (name, argument) => {
    const refused = house(name, argument);
    expect([refused.status, refused.stdout, refused.stderr]).toEqual([
      2,
      '',
      expect.stringContaining(`main.ts ${name}`),
    ]);
  });
});
