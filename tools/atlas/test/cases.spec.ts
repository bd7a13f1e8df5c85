import { cp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import {
  caseFolder,
  caseNames,
  copyCase,
  exists,
  readCase,
  readTree,
  runAtlas,
  writeTree,
} from './harness/caseFolder.ts';
import { WarmAtlas } from './harness/warmAtlas.ts';

/** With UPDATE=1 this file writes stderr.txt, stdout.txt and expected/ of every case anew. Review the diff. */
const update = process.env['UPDATE'] === '1';

/**
 * The cases that run through the command line. src/check/cases.spec.ts compares the findings of every `bad-` case, so
 * here one case per exit code is enough, unless their texts are rewritten.
 */
async function runThroughCommandLine(): Promise<readonly string[]> {
  const byExit = new Map<number, string>();
  const others: string[] = [];
  for (const name of caseNames) {
    if (!name.startsWith('bad-')) others.push(name);
    else byExit.set((await readCase(name)).exit, name);
  }
  return update ? caseNames : [...others, ...byExit.values()];
}

/** What a refused run generates. */
const NOTHING: ReadonlyMap<string, string> = new Map();

/** Runs the first command of a case. A second run over the same files starts a process of its own, as users do. */
const warm = new WarmAtlas();
afterAll(() => warm[Symbol.dispose]());

const names = await runThroughCommandLine();

describe('the command line', { concurrent: true }, () => {
  it.each(names)('gives what the case %s expects', async (name) => {
    const { args, exit, before, remove } = await readCase(name);
    const folder = await copyCase(name);
    try {
      for (const line of before) expect((await warm.run(folder, line)).exit, `atlas ${line.join(' ')}`).toBe(0);
      for (const path of remove) await rm(join(folder, path), { recursive: true });
      const overlay = join(caseFolder(name), 'overlay');
      if (await exists(overlay)) await cp(overlay, folder, { recursive: true });
      const result = before.length > 0 ? await runAtlas(folder, args) : await warm.run(folder, args);
      expect(result.exit, result.stderr).toBe(exit);
      await compareText(name, 'stderr.txt', result.stderr);
      await compareText(name, 'stdout.txt', result.stdout);
      await compareTree(name, join(folder, 'generated'), before.length === 0);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});

/** A missing file means that nothing is printed there, so that no case compares nothing. */
async function compareText(name: string, file: string, text: string): Promise<void> {
  const path = join(caseFolder(name), file);
  if (update) await (text === '' ? rm(path, { force: true }) : writeFile(path, text));
  expect(text, file).toBe((await exists(path)) ? await readFile(path, 'utf8') : '');
}

/**
 * A missing expected/ means that no file is generated, unless commands before may have generated some. A refused run
 * (`bad-…`) leaves none.
 */
async function compareTree(name: string, generated: string, isFirst: boolean): Promise<void> {
  const path = join(caseFolder(name), 'expected');
  const refused = name.startsWith('bad-');
  const found = await readTree(generated);
  if (update && !refused && (isFirst || (await exists(path))))
    await (found.size > 0 ? writeTree(generated, path) : rm(path, { recursive: true, force: true }));
  const isThere = await exists(path);
  if (!refused && !isFirst && !isThere) return;
  const expected = refused || !isThere ? NOTHING : await readTree(path);
  expect([...found.keys()]).toEqual([...expected.keys()]);
  for (const [file, text] of expected)
    expect(found.get(file) === text, `${file} differs (UPDATE=1 rewrites)`).toBe(true);
}
