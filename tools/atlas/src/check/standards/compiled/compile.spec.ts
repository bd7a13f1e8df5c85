import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { compiledModules } from './compile.ts';

it.each([...compiledModules()])('%s is up to date', (name, text) => {
  const committed = readFileSync(new URL(name, import.meta.url), 'utf8');
  // A comparison of whole texts would print half a megabyte.
  expect(committed === text, 'run: node tools/atlas/src/check/standards/compiled/compile.ts').toBe(true);
});
