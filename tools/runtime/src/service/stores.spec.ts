import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { CONNECTIONS } from './stores.ts';

it('an instance of a service opens as many connections as the page of limits says', () => {
  const page = readFileSync(new URL('../../../../docs/reference/limits.md', import.meta.url), 'utf8');
  const [, said] = /opens at most (\d+) connections/.exec(page) ?? [];
  expect(Number(said)).toBe(Object.values(CONNECTIONS).reduce((sum, most) => sum + most, 0));
});
