import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { caseFolder, caseNames } from '../../../test/harness/caseFolder.ts';
import { explainChange } from '../changes.ts';
import { tableRules } from './rules/index.ts';
import { isWider } from './types.ts';

describe('a rule of tables', () => {
  it.each(tableRules.map(({ id }) => id))('%s fires in the case with its name, and has an explanation', (id) => {
    expect(caseNames).toContain(id);
    // The case folders are run by the suite of the command line; here only the name counts.
    expect(readFileSync(`${caseFolder(id)}/stderr.txt`, 'utf8')).toContain(`[${id}]: `);
    expect(explainChange(id)).toMatchObject({ level: 'wire' });
  });

  it('reports nothing in the cases of safe changes', () => {
    for (const name of ['column-added-with-a-default', 'column-type-widened']) {
      expect(existsSync(caseFolder(name))).toBe(true);
      expect(readFileSync(`${caseFolder(name)}/stderr.txt`, 'utf8')).toMatch(
        /^3 documents compared · no breaking change/,
      );
    }
  });
});

describe('a type', () => {
  it.each([
    ['smallint', 'bigint'],
    ['character varying(10)', 'character varying(20)'],
    ['character varying(10)', 'text'],
    ['text', 'character varying'],
    ['numeric(10,2)', 'numeric(12,4)'],
    ['numeric(10,2)', 'numeric'],
  ])('%s is narrower than %s, and not the other way round', (old, next) => {
    expect(isWider(old, next)).toBe(true);
    expect(isWider(next, old)).toBe(next === 'character varying');
  });

  it.each([
    ['numeric(10,2)', 'numeric(10,4)'],
    ['text', 'uuid'],
    ['integer', 'numeric'],
    ['timestamp with time zone', 'timestamp without time zone'],
  ])('%s is not narrower than %s', (old, next) => {
    expect(isWider(old, next)).toBe(false);
  });
});
