import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

const README = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
const ROWS = [...README.matchAll(/^\| (.+?) +\| `(suites\/\w+\.ts)` +\| (.+?) +\|/gm)].map(
  ([, failure = '', file = '', test = '']) => ({ failure, file, test }),
);

it('the README names a test for each failure of an order', () => {
  expect(ROWS.length).toBeGreaterThanOrEqual(10);
});

it.each(ROWS)('the test for "$failure" exists', ({ file, test }) => {
  expect(readFileSync(new URL(file, import.meta.url), 'utf8')).toContain(`it('${test}'`);
});
