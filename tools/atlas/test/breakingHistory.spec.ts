import { execFileSync } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { caseFolder, runAtlas, type Finished } from './harness/caseFolder.ts';

/**
 * A repository in which an Avro schema was first as in a case, then broken, then got a field with a default. In the
 * working tree the field has no default: events of the last version have it, but those of the first do not.
 */
let folder = '';
const SCHEMA = 'specs/avro/bookings/BookingMade.avsc';
const AUTHOR = ['-c', 'user.name=Kim', '-c', 'user.email=kim@tickets.example', '-c', 'commit.gpgsign=false'];

function git(...args: readonly string[]): string {
  return execFileSync('git', [...AUTHOR, ...args], { cwd: folder, encoding: 'utf8' });
}

function breaking(...args: readonly string[]): Promise<Finished> {
  return runAtlas(folder, ['breaking', ...args]);
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'atlas-history-'));
  await cp(join(caseFolder('clean-two-services'), 'specs'), join(folder, 'specs'), { recursive: true });
  const path = join(folder, SCHEMA);
  const first = await readFile(path, 'utf8');
  const withField = (field: string): string => first.replace('"fields": [', `"fields": [${field}, `);
  git('init', '-q');
  for (const [name, text] of [
    ['First', first],
    ['Broken', first.replace('"string"', '"text"')],
    ['Desk', withField('{ "name": "desk", "type": "string", "default": "" }')],
  ] as const) {
    await writeFile(path, text);
    git('add', '--all');
    git('commit', '-q', '-m', name);
  }
  await writeFile(path, withField('{ "name": "desk", "type": "string" }'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('atlas breaking --against a ref', () => {
  it('compares events with the ref alone if the mode is not transitive', async () => {
    const { exit, stderr } = await breaking('--against', 'HEAD', '--mode', 'BACKWARD');
    expect(stderr).toContain('no breaking change');
    expect(exit).toBe(0);
  });

  it('compares events with all versions up to the ref in a transitive mode', async () => {
    const { exit, stderr } = await breaking('--against', 'HEAD', '--mode', 'BACKWARD_TRANSITIVE');
    const first = git('rev-list', '--max-parents=0', 'HEAD').slice(0, 10);
    expect(stderr).toContain('error[avro-field-without-default]');
    expect(stderr).toContain(`--> old ${first}:${SCHEMA}`);
    expect(stderr).toContain('consumers: seats');
    expect(exit).toBe(100);
  });

  it('says which old versions it could not read', async () => {
    const { stderr } = await breaking('--against', 'HEAD', '--mode', 'BACKWARD_TRANSITIVE');
    const broken = git('rev-parse', 'HEAD~1').slice(0, 10);
    expect(stderr).toContain(`not compared: ${broken}:specs, whose specs have errors`);
  });

  it('requires a git ref for a transitive mode', async () => {
    const { exit, stderr } = await breaking('--against', 'specs', '--mode', 'FULL_TRANSITIVE');
    expect(stderr).toContain('compares with all old versions: use --against <git ref>');
    expect(exit).toBe(2);
  });
});
