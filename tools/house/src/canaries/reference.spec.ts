import { appendFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { reference } from '../reference/reference.ts';

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'atlas-reference-'));
  mkdirSync(join(root, 'docs/reference'), { recursive: true });
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

it('reference pages that are missing or edited fail the check, which mends nothing itself', () => {
  const said: string[] = [];
  const check = (): number => reference(root, true, (text) => said.push(text));
  expect(check()).toBe(100);
  expect(said.map((text) => text.split(' ')[0])).toEqual(['docs/reference/cli.md', 'docs/reference/diagnostics.md']);
  expect(reference(root, false)).toBe(0);
  appendFileSync(join(root, 'docs/reference/cli.md'), 'and more\n');
  expect(check()).toBe(100);
  expect(said).toHaveLength(3);
  reference(root, false);
  expect(check()).toBe(0);
});
