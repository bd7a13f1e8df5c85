import { appendFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkReference, writeReference } from '../reference/reference.ts';

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'atlas-reference-'));
  mkdirSync(join(root, 'docs/reference'), { recursive: true });
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

describe('the check of the reference pages', () => {
  let said: string[] = [];
  let asked = 0;
  let text = 'one\n';
  const pages = {
    'docs/reference/cli.md': () => {
      asked += 1;
      return text;
    },
  };
  const check = (): Promise<number> => checkReference(root, pages, (line) => said.push(line));
  beforeEach(() => {
    said = [];
    asked = 0;
    text = 'one\n';
  });

  it('fails on a missing page and on an edited one, and repairs neither', async () => {
    expect(await check()).toBe(100);
    expect(await check()).toBe(100);
    writeReference(root, pages);
    expect(await check()).toBe(0);
    appendFileSync(join(root, 'docs/reference/cli.md'), 'and more\n');
    expect(await check()).toBe(100);
    expect(said.filter((line) => line.startsWith('docs/reference/cli.md is out of date'))).toHaveLength(3);
  });

  it('asks the program again only after the program or a page has changed', async () => {
    writeReference(root, pages);
    await check();
    asked = 0;
    expect([await check(), asked]).toEqual([0, 0]);
    // The same as a change of the program would do.
    mkdirSync(join(root, 'tools/atlas/src'), { recursive: true });
    writeFileSync(join(root, 'tools/atlas/src/a.ts'), '');
    text = 'two\n';
    expect([await check(), asked]).toEqual([100, 1]);
    writeReference(root, pages);
    expect(await check()).toBe(0);
  });
});
