import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { EmittedFile } from '../emit/emit.ts';
import { apply } from './outputFolder.ts';
import { isSafePath, MANIFEST, readManifest } from './manifest.ts';
import { write, type WriteOptions, type WriteResult } from './write.ts';

let root: string;
let out: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'atlas-write-'));
  out = join(root, 'generated');
  mkdirSync(join(root, 'specs'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const file = (path: string, text: string): EmittedFile => ({
  path,
  text,
  service: path.split('/')[0],
  source: 'a.yaml',
});

async function run(files: readonly EmittedFile[], options: Partial<WriteOptions> = {}): Promise<WriteResult> {
  const read = await readManifest(out);
  if ('problem' in read) throw new Error(read.problem);
  return write(files, {
    root: join(root, 'specs'),
    out: '../generated',
    toolkit: '1.0.0',
    inputs: new Map([['a.yaml', 'a: 1']]),
    manifest: read.manifest,
    mode: 'write',
    ...options,
  });
}

const codes = ({ diagnostics }: WriteResult): readonly string[] =>
  diagnostics.map(({ code, loc }) => `${code} ${loc.file}:${loc.line}`);

describe('write', () => {
  it('changes only files that differ', async () => {
    await run([file('a/one.ts', '1'), file('a/two.ts', '2')]);
    const before = statSync(join(out, 'a/one.ts')).mtimeMs;
    const result = await run([file('a/one.ts', '1'), file('a/two.ts', '3')]);
    expect(result.changed).toEqual(['a/two.ts']);
    expect(statSync(join(out, 'a/one.ts')).mtimeMs).toBe(before);
    expect(readdirSync(out).toSorted()).toEqual(['a', MANIFEST]);
  });

  it('deletes files that no spec describes any more, and folders that are empty then', async () => {
    await run([file('a/x/one.ts', '1'), file('a/two.ts', '2')]);
    writeFileSync(join(out, 'a/theirs.txt'), 'not ours');
    const result = await run([]);
    expect(result.removed).toEqual(['a/two.ts', 'a/x/one.ts']);
    expect(readdirSync(join(out, 'a'))).toEqual(['theirs.txt']);
  });

  it('refuses an edited file, an edited leftover and an unknown file in its place, and writes nothing', async () => {
    await run([file('a/one.ts', '1\n2\n'), file('a/orphan.ts', 'o')]);
    writeFileSync(join(out, 'a/one.ts'), '1\nmine\n');
    writeFileSync(join(out, 'a/orphan.ts'), 'mine');
    writeFileSync(join(out, 'a/new.ts'), 'mine');
    const wanted = [file('a/one.ts', '1\n2\n'), file('a/new.ts', 'n'), file('a/other.ts', 'x')];
    expect(codes(await run(wanted))).toEqual([
      'ATL7001 ../generated/a/new.ts:1',
      'ATL7001 ../generated/a/one.ts:2',
      'ATL7001 ../generated/a/orphan.ts:1',
    ]);
    expect(existsSync(join(out, 'a/other.ts'))).toBe(false);
    expect((await run(wanted, { force: true })).diagnostics).toEqual([]);
    expect(readFileSync(join(out, 'a/one.ts'), 'utf8')).toBe('1\n2\n');
  });

  it('continues after a killed run that left new files behind', async () => {
    await run([file('a/one.ts', '1')]);
    writeFileSync(join(out, 'a/one.ts'), '2'); // renamed into place, but the manifest was not
    expect((await run([file('a/one.ts', '2')])).diagnostics).toEqual([]);
  });

  it('reports each outdated file in a check', async () => {
    await run([file('a/one.ts', '1'), file('a/two.ts', '2'), file('a/gone.ts', '3')]);
    rmSync(join(out, 'a/two.ts'));
    const result = await run([file('a/one.ts', '9'), file('a/two.ts', '2')], { mode: 'check' });
    expect(codes(result)).toEqual([
      'ATL7002 ../generated/a/gone.ts:1',
      'ATL7002 ../generated/a/one.ts:1',
      'ATL7002 ../generated/a/two.ts:1',
    ]);
    expect(readFileSync(join(out, 'a/one.ts'), 'utf8')).toBe('1');
  });

  it('reports the manifest if only a comment in a spec changed', async () => {
    await run([file('a/one.ts', '1')]);
    const result = await run([file('a/one.ts', '1')], { mode: 'check', inputs: new Map([['a.yaml', 'a: 1 # more']]) });
    expect(codes(result)).toEqual(['ATL7002 ../generated/manifest.json:5']);
  });

  it('does not touch other services with only, and drops the inputs', async () => {
    await run([file('a/one.ts', '1'), file('b/one.ts', '1')]);
    await run([file('a/one.ts', '2'), file('b/one.ts', '2')], { only: 'a' });
    expect(readFileSync(join(out, 'b/one.ts'), 'utf8')).toBe('1');
    const read = await readManifest(out);
    expect('manifest' in read && read.manifest?.inputs).toEqual({});
    expect('manifest' in read && Object.keys(read.manifest?.files ?? {})).toEqual(['a/one.ts', 'b/one.ts']);
  });

  it('does not write through a link that leads out of the output folder', async () => {
    mkdirSync(join(root, 'elsewhere'));
    mkdirSync(out);
    symlinkSync(join(root, 'elsewhere'), join(out, 'a'));
    expect(codes(await run([file('a/one.ts', '1')]))).toEqual(['ATL7004 ../generated/a:1']);
    expect(readdirSync(join(root, 'elsewhere'))).toEqual([]);
  });

  it('refuses a manifest with paths outside the folder', async () => {
    mkdirSync(out);
    const files = { '../specs/a.yaml': { sha256: 'x', source: 'y' } };
    writeFileSync(join(out, MANIFEST), JSON.stringify({ version: 1, toolkit: '1', inputs: {}, files }));
    expect(await readManifest(out)).toEqual({ problem: 'the content is not a manifest' });
  });
});

describe('apply', () => {
  it('undoes its changes if a later file cannot be written', () => {
    mkdirSync(join(out, 'a'), { recursive: true });
    writeFileSync(join(out, 'a/one.ts'), 'old');
    mkdirSync(join(out, 'a/folder/inside'), { recursive: true });
    const changes = [
      ['a/new.ts', 'n'],
      ['a/one.ts', 'new'],
      ['a/folder', 'in the way'],
    ] as const;
    expect(() => apply(out, changes, [MANIFEST, '{}'])).toThrow();
    expect(readFileSync(join(out, 'a/one.ts'), 'utf8')).toBe('old');
    expect(existsSync(join(out, 'a/new.ts'))).toBe(false);
    expect(readdirSync(out)).toEqual(['a']);
  });
});

describe('a run after one that was killed while it wrote', () => {
  /** Such a run leaves some files in place, and the others and the manifest in the stage. */
  async function killed(): Promise<void> {
    const files = [file('a/one.ts', '1'), file('a/two.ts', '2')];
    await run(files);
    const before = readFileSync(join(out, MANIFEST), 'utf8');
    await run([file('a/one.ts', 'new'), file('a/three.ts', '3')]);
    const stage = join(out, '.atlas-999999999/new');
    mkdirSync(stage, { recursive: true });
    renameSync(join(out, MANIFEST), join(stage, MANIFEST));
    writeFileSync(join(out, MANIFEST), before);
  }

  it('counts its files as written by atlas, and deletes those that no spec describes', async () => {
    await killed();
    expect((await run([file('a/one.ts', 'newer')])).diagnostics).toEqual([]);
    expect(readdirSync(out).toSorted()).toEqual(['a', MANIFEST]);
    expect(readdirSync(join(out, 'a'))).toEqual(['one.ts']);
    expect(readFileSync(join(out, 'a/one.ts'), 'utf8')).toBe('newer');
  });

  it('still refuses a file that was edited by hand', async () => {
    await killed();
    writeFileSync(join(out, 'a/one.ts'), 'mine');
    expect(codes(await run([file('a/one.ts', 'newer')]))).toEqual(['ATL7001 ../generated/a/one.ts:1']);
  });

  it('removes the stage even if nothing changes', async () => {
    await run([file('a/one.ts', '1')]);
    mkdirSync(join(out, '.atlas-999999999/new'), { recursive: true });
    await run([file('a/one.ts', '1')]);
    expect(readdirSync(out).toSorted()).toEqual(['a', MANIFEST]);
  });
});

describe('isSafePath', () => {
  it.each(['a/b.ts', 'a.ts', 'a/..b'])('accepts %j', (path) => expect(isSafePath(path)).toBe(true));
  it.each(['', '/a', '../a', 'a/../b', 'a//b', './a', 'a\\b', 'C:/a', 'a\u0000b', 'a/.'])('refuses %j', (path) =>
    expect(isSafePath(path)).toBe(false),
  );
});
