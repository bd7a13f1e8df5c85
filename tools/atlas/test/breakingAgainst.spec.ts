import { execFileSync } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { JsonObject, JsonValue } from '@atlas/ir';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { caseFolder, runAtlas, type Finished } from './harness/caseFolder.ts';
import { WarmAtlas } from './harness/warmAtlas.ts';

/** A repository whose last commit is the specs of a case, and whose working tree has a breaking change. */
let folder = '';
let spec = '';
/** The folder of temporary files of a run. */
let temporary = '';

const AUTHOR = ['-c', 'user.name=Kim', '-c', 'user.email=kim@tickets.example', '-c', 'commit.gpgsign=false'];

function git(...args: readonly string[]): string {
  return execFileSync('git', [...AUTHOR, ...args], { cwd: folder, encoding: 'utf8' });
}

let warm: WarmAtlas;

function breaking(...args: readonly string[]): Promise<Finished> {
  return warm.run(folder, ['breaking', ...args]);
}

/** Moves a path in the working tree, until the result is disposed. */
async function breakIt(): Promise<AsyncDisposable> {
  const text = await readFile(spec, 'utf8');
  await writeFile(spec, text.replace(/^( {2}\/[^\n]*):$/m, '$1/moved:'));
  return { [Symbol.asyncDispose]: () => writeFile(spec, text) };
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'atlas-against-'));
  await cp(join(caseFolder('http-only'), 'specs'), join(folder, 'specs'), { recursive: true });
  const entries = await readdir(join(folder, 'specs'), { recursive: true });
  const files = entries.filter((name) => name.endsWith('.yaml') && !name.endsWith('atlas.config.yaml'));
  const texts = await Promise.all(files.map((name) => readFile(join(folder, 'specs', name), 'utf8')));
  spec = join(folder, 'specs', files[texts.findIndex((text) => /^ {2}\/[^\n]*:$/m.test(text))] ?? '');
  temporary = await mkdtemp(join(tmpdir(), 'atlas-against-'));
  warm = new WarmAtlas(1, { TMPDIR: temporary });
  git('init', '-q');
  git('add', '--all');
  git('commit', '-q', '-m', 'First');
});
afterAll(async () => {
  warm[Symbol.dispose]();
  for (const path of [folder, temporary]) await rm(path, { recursive: true, force: true });
});

describe('atlas breaking --against', () => {
  it('finds nothing if nothing changed since the ref', async () => {
    expect(await breaking('--against', 'HEAD')).toMatchObject({
      exit: 0,
      stderr: 'nothing changed since HEAD · no breaking change\n',
    });
  });

  it('reads no document if no document, schema, migration or configuration changed', async () => {
    const text = await readFile(spec, 'utf8');
    // a document that cannot be read, in both versions
    await writeFile(spec, `${text}\n\t: [`);
    git('commit', '-q', '-a', '-m', 'Broken');
    await writeFile(join(folder, 'readme.md'), '# Tickets\n');
    const { exit, stderr } = await breaking('--against', 'HEAD');
    await rm(join(folder, 'readme.md'));
    git('reset', '-q', '--hard', 'HEAD~1');
    expect(stderr).toBe('nothing changed since HEAD · no breaking change\n');
    expect(exit).toBe(0);
  });

  it.each<[what: string, change: () => unknown]>([
    ['a new file that git does not know', () => writeFile(join(folder, 'specs/other.yaml'), '{}\n')],
    ['a document that is moved out of its folder', () => git('mv', spec, 'moved.yaml')],
    ['a repository inside the repository', () => git('init', '-q', 'services/desk/migrations')],
    [
      'a symbolic link among the documents, and another file',
      async () => {
        await writeFile(join(folder, 'readme.md'), '# Tickets\n');
        await symlink('../readme.md', join(folder, 'specs/linked.yaml'));
        git('add', 'specs/linked.yaml');
        git('commit', '-q', '-m', 'Link');
      },
    ],
  ])('compares if there is %s', async (_what, change) => {
    const commit = git('rev-parse', 'HEAD').trim();
    await change();
    const { stderr } = await breaking('--against', 'HEAD');
    git('reset', '-q', '--hard', commit);
    git('clean', '-q', '-f', '-f', '-d');
    expect(stderr).not.toContain('nothing changed');
  });

  it('does not compare because of a file that git ignores', async () => {
    await writeFile(join(folder, '.git/info/exclude'), 'local.yaml\n');
    await writeFile(join(folder, 'specs/local.yaml'), '{}\n');
    const { stderr } = await breaking('--against', 'HEAD');
    await rm(join(folder, 'specs/local.yaml'));
    expect(stderr).toBe('nothing changed since HEAD · no breaking change\n');
  });

  it('says what broke since the ref, with places of both versions, and does not change the repository', async () => {
    await using _ = await breakIt();
    const before = git('status', '--porcelain');
    const { exit, stderr } = await breaking('--against', 'HEAD');
    expect(stderr).toContain('error[path-removed]');
    expect(stderr).toContain('--> old HEAD:specs/');
    expect(exit).toBe(100);
    expect(git('status', '--porcelain')).toBe(before);
    expect((await readdir(temporary)).filter((name) => name.startsWith('atlas-'))).toEqual([]);
  });

  it('calls an accepted break stale only in the comparison that names the file, or after its last day', async () => {
    await using _ = await breakIt();
    const file = join(folder, 'specs/accepted-breaks.yaml');
    const entry = (fingerprint: string, expires: string): string =>
      `  - { fingerprint: '${fingerprint}', change: path-removed, reason: why, by: kim, expires: ${expires} }\n`;
    const { stdout } = await breaking('--against', 'HEAD', '--format', 'json');
    const fingerprints = [...stdout.matchAll(/"fingerprint": ?"([0-9a-f]+)"/g)].map(([, one = '']) => one);
    const accepting = fingerprints.map((one) => entry(one, '2999-12-31')).join('');
    await writeFile(file, `version: 1\nbreaks:\n${accepting}${entry('0123456789abcdef', '2999-12-31')}`);
    try {
      const found = await breaking('--against', 'HEAD');
      expect(found.stderr).toContain(
        `matched ${fingerprints.length} of ${fingerprints.length + 1} entries of specs/acc`,
      );
      expect(found.stderr).not.toContain('accepted-break-stale');
      const named = await breaking('--against', 'HEAD', '--accepted', 'specs/accepted-breaks.yaml');
      expect(named.stderr).toContain('nothing was found with fingerprint 0123456789abcdef');
      expect(named.stderr).not.toContain('matched');
      await writeFile(file, `version: 1\nbreaks:\n${accepting}${entry('fedcba9876543210', '2001-12-31')}`);
      const { stderr } = await breaking('--against', 'HEAD');
      expect(stderr).toContain('nothing was found with fingerprint fedcba9876543210');
    } finally {
      await rm(file);
    }
  });

  it('says what to do in a folder outside a git repository', async () => {
    const alone = await mkdtemp(join(tmpdir(), 'atlas-alone-'));
    await cp(join(folder, 'specs'), join(alone, 'specs'), { recursive: true });
    const { exit, stderr } = await runAtlas(alone, ['breaking', '--against', 'main']);
    await rm(alone, { recursive: true });
    expect(stderr).toContain('is not in a git repository, so there is no git ref');
    expect(stderr).toContain('name a folder or a file with the old version: --against <folder>\n');
    expect(exit).toBe(2);
  });

  it('tries a migration that git does not know yet on the tables and the code of the ref', async () => {
    const service = 'weather-desk';
    const own = join(folder, 'services', service);
    await mkdir(join(own, 'migrations'), { recursive: true });
    await mkdir(join(own, 'src'));
    await writeFile(join(own, 'migrations/0001_seats.sql'), 'CREATE TABLE seat (id uuid PRIMARY KEY, row text);\n');
    await writeFile(join(own, 'src/seats.ts'), "export const rows = 'SELECT row FROM seat';\n");
    git('add', '--all');
    git('commit', '-q', '-m', 'Seats');
    await writeFile(join(own, 'migrations/0002_rows.sql'), 'ALTER TABLE seat DROP COLUMN row;\n');
    const { exit, stderr } = await breaking('--against', 'HEAD');
    git('reset', '-q', '--hard', 'HEAD~1');
    await rm(join(folder, 'services'), { recursive: true });
    expect(stderr).toContain(`--> old HEAD:services/${service}/src/seats.ts:1:22`);
    expect(stderr).toContain('-- 42703: column "row" does not exist');
    expect(exit).toBe(100);
  });

  it('names the programs of the ref that call a broken operation, even if the working tree no longer has them', async () => {
    const code = join(folder, 'services/alarm/src');
    await mkdir(code, { recursive: true });
    await writeFile(
      join(code, 'alarm.ts'),
      "import { client } from '@atlas/generated-weather-desk/client';\nclient({}).listReadings({});\n",
    );
    git('add', '--all');
    git('commit', '-q', '-m', 'Alarm');
    await rm(join(folder, 'services'), { recursive: true });
    await using _ = await breakIt();
    const { exit, stdout } = await breaking('--against', 'HEAD', '--format', 'json');
    git('reset', '-q', '--hard', 'HEAD~1');
    const { findings }: { findings: { message: string; consumers: string[] }[] } = JSON.parse(stdout);
    expect(findings.map(({ message, consumers }) => [message.split(' ')[0], consumers])).toEqual([
      ['GET', ['alarm']],
      ['POST', []],
    ]);
    expect(exit).toBe(100);
  });

  it('compares with a folder and with a configuration file', async () => {
    await using _ = await breakIt();
    for (const against of [caseFolder('http-only'), join(caseFolder('http-only'), 'specs/atlas.config.yaml')]) {
      const { exit, stderr } = await breaking('--against', against);
      expect(stderr).toContain('error[path-removed]');
      expect(exit).toBe(100);
    }
  });

  it.each([
    ['an unknown ref', 'nowhere', 'neither a file, a folder nor a git ref'],
    ['a ref that looks like an option', '--output=x', 'neither a file, a folder nor a git ref'],
    ['a folder without a configuration', import.meta.dirname, 'the folder has no specs/atlas.config.yaml'],
  ])('refuses %s', async (_, against, said) => {
    const { exit, stderr } = await breaking(`--against=${against}`);
    expect(stderr).toContain(said);
    expect(exit).toBe(2);
  });

  it('refuses a ref before the specs existed', async () => {
    const empty = git('commit-tree', '-m', 'Nothing', git('hash-object', '-t', 'tree', '-w', '/dev/null').trim());
    const { exit, stderr } = await breaking('--against', empty.trim());
    expect(stderr).toContain('specs does not exist there; choose a later ref');
    expect(exit).toBe(2);
  });

  it('asks for a folder if git is not installed', async () => {
    const { exit, stderr } = await runAtlas(folder, ['breaking', '--against', 'HEAD'], {
      PATH: join(folder, 'nothing'),
    });
    expect(stderr).toBe(
      'atlas: git is not installed; name a folder or a file with the old version: --against <folder>\n',
    );
    expect(exit).toBe(2);
  });

  it('refuses a repository whose old specs do not load', async () => {
    const text = await readFile(spec, 'utf8');
    await writeFile(spec, 'openapi: [\n');
    git('commit', '-q', '-a', '-m', 'Broken');
    await writeFile(spec, text);
    git('commit', '-q', '-a', '-m', 'Fixed');
    const { exit, stderr } = await breaking('--against', 'HEAD~1');
    git('reset', '-q', 'HEAD~2');
    expect(stderr).toContain('--> HEAD~1:specs/');
    expect(stderr).toContain('nothing was compared');
    expect(exit).toBe(2);
  });
});

describe('atlas breaking', () => {
  it('compares documents that generate would refuse because of their size', async () => {
    const big = (path: string): string =>
      JSON.stringify({
        openapi: '3.1.0',
        info: { title: 'Bookings', version: '1.0.0', description: 'x'.repeat(11 * 1024 * 1024) },
        paths: { [path]: { get: { responses: { 200: { description: 'ok' } } } } },
      });
    await writeFile(join(folder, 'old.json'), big('/bookings'));
    await writeFile(join(folder, 'new.json'), big('/seats'));
    const { exit, stderr } = await breaking('old.json', 'new.json');
    expect(stderr).toContain('error[path-removed]: GET /bookings was removed');
    expect(exit).toBe(100);
  });

  it('has an answer for a cycle, a long pattern, a long enum and two hundred nested oneOf', async () => {
    const tower = (leaf: JsonValue): JsonValue =>
      Array.from({ length: 200 }).reduce<JsonValue>(
        (inner, _, level) => ({ oneOf: [inner, { type: 'object', required: [`level${level}`] }] }),
        leaf,
      );
    const members = Array.from({ length: 10_000 }, (_, index) => `value ${index}`);
    const hostile = (is: { readonly cycle: JsonObject; readonly ending: string; readonly longest: number }): string => {
      const parts: Readonly<Record<string, JsonValue>> = {
        cycle: { $ref: '#/components/schemas/Part' },
        pattern: { type: 'string', pattern: `^${'a'.repeat(30_000)}${is.ending}` },
        enum: { enum: [...members, is.ending] },
        oneOf: tower({ type: 'string', maxLength: is.longest }),
      };
      const paths = Object.entries(parts).map(([name, schema]) => [
        `/${name}`,
        { post: { requestBody: { content: { 'application/json': { schema } } }, responses: {} } },
      ]);
      const Part = {
        type: 'object',
        properties: { parts: { type: 'array', items: parts['cycle'] ?? {} } },
        ...is.cycle,
      };
      const info = { title: 'Hostile', version: '1.0.0' };
      return JSON.stringify({
        openapi: '3.1.0',
        info,
        paths: Object.fromEntries(paths),
        components: { schemas: { Part } },
      });
    };
    await writeFile(join(folder, 'old.json'), hostile({ cycle: {}, ending: 'b', longest: 10 }));
    await writeFile(join(folder, 'new.json'), hostile({ cycle: { required: ['parts'] }, ending: 'c', longest: 9 }));
    const { exit, stdout, stderr } = await breaking('--format', 'json', 'old.json', 'new.json');
    expect(stderr).toBe('');
    expect(exit).toBe(100);
    // cast: the JSON form, whose schema has its own test
    const { findings } = JSON.parse(stdout) as {
      findings: readonly { severity: string; reaches: readonly string[] }[];
    };
    const said = findings.flatMap(({ severity, reaches }) => reaches.map((one) => `${severity} ${one}`));
    expect(said.toSorted()).toEqual([
      'error POST /cycle',
      'error POST /enum',
      'error POST /oneOf',
      'warning POST /pattern',
    ]);
  });
});
