import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { baseline } from '../baseline/baseline.ts';
import { canaryTree, type CanaryTree } from './canaryTree.ts';

const SPEC = `openapi: 3.1.0
info: { title: Bookings, version: 1.0.0 }
paths:
  /bookings: { get: { operationId: listBookings, security: [], responses: { '200': { description: All. } } } }
`;

const FILES = {
  'specs/atlas.config.yaml': 'version: 1\nservices: { bookings: { openapi: bookings.yaml } }\n',
  'specs/bookings.yaml': SPEC,
  'specs/baseline': '# the release\nv1\n',
};

/** A repository with a release, and the output of a comparison with it. */
function released(): CanaryTree & { readonly check: () => Promise<{ exit: number; said: string }> } {
  const tree = canaryTree(FILES);
  const git = (...args: readonly string[]): void =>
    void execFileSync('git', ['-c', 'user.name=Kim', '-c', 'user.email=kim@tickets.example', ...args], {
      cwd: tree.root,
    });
  git('init', '-q');
  git('add', 'specs');
  git('-c', 'commit.gpgsign=false', 'commit', '-q', '-m', 'First');
  git('tag', 'v1');
  const check = async (): Promise<{ exit: number; said: string }> => {
    let said = '';
    const compare = async (version: string): Promise<number> => {
      const { exitCode, output } = tree.run('atlas', 'breaking', '--against', version);
      said += output;
      return exitCode;
    };
    return { exit: await baseline(tree.root, compare, (text) => (said += `${text}\n`)), said };
  };
  return { ...tree, check };
}

describe('the comparison with the release', () => {
  it('fails if a spec breaks it, until the break is accepted', async () => {
    using tree = released();
    expect(await tree.check()).toMatchObject({ exit: 0 });
    tree.put('specs/bookings.yaml', SPEC.replace('/bookings', '/seats'));
    const broken = await tree.check();
    expect(broken).toMatchObject({ exit: 100, said: expect.stringContaining('error[path-removed]') });
    const [line = ''] = /- \{ fingerprint: .* \}/.exec(broken.said) ?? [];
    const entry = line.replace('<why>', 'moved').replace('<who>', 'kim').replace('<YYYY-MM-DD>', '9999-12-31');
    tree.put('specs/accepted-breaks.yaml', `version: 1\nbreaks:\n  ${entry}\n`);
    expect(await tree.check()).toMatchObject({ exit: 0, said: expect.stringContaining('accepted[path-removed]') });
  });

  it('fails if a migration breaks what the release does', async () => {
    using tree = released();
    tree.put('services/bookings/migrations/0001_bookings.sql', 'CREATE TABLE booking (id uuid;\n');
    const { exit, said } = await tree.check();
    expect(said).toContain('error[migration-refused]');
    expect(exit).toBe(100);
  });

  it('is not repeated until the program, a spec or a migration changes', async () => {
    using tree = released();
    let asked = 0;
    const check = (): Promise<number> =>
      baseline(
        tree.root,
        async () => ((asked += 1), 0),
        () => {},
      );
    for (const file of [
      '',
      'specs/x.yaml',
      'services/bookings/migrations/0001_x.sql',
      'generated/a/outbox/0001_x.sql',
    ]) {
      if (file !== '') tree.put(file, 'x');
      expect(await check()).toBe(0);
    }
    await check();
    expect(asked).toBe(4);
  });

  it('says that a folder without history was not compared, and fails without a version', async () => {
    using tree = canaryTree(FILES);
    let said = '';
    const check = (): Promise<number> =>
      baseline(
        tree.root,
        async () => 100,
        (text) => (said += text),
      );
    expect(await check()).toBe(0);
    expect(said).toContain('no history');
    tree.put('specs/baseline', '# nothing\n');
    expect(await check()).toBe(2);
    mkdirSync(join(tree.root, '.git'));
    expect(await check()).toBe(2);
  });
});
