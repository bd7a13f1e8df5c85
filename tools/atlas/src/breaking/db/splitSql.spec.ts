import { describe, expect, it } from 'vitest';
import { splitSql } from './splitSql.ts';

describe('the statements of a migration', () => {
  it.each([
    ['none', '-- nothing\n/* at /* all */ */ ;;', []],
    ['two, without what stands around them', ' SELECT 1;\n-- then\nSELECT 2', ['SELECT 1', 'SELECT 2']],
    [
      'a semicolon in quotes',
      `SELECT ';', ";", E'\\';', 'it''s;'; SELECT 2`,
      [`SELECT ';', ";", E'\\';', 'it''s;'`, 'SELECT 2'],
    ],
    ['a semicolon in a comment', 'SELECT 1 -- ; \n, 2 /* ; */; SELECT 3', ['SELECT 1 -- ; \n, 2 /* ; */', 'SELECT 3']],
    [
      'a body between dollars',
      'DO $a$ BEGIN $b$;$b$; END $a$; SELECT 1',
      ['DO $a$ BEGIN $b$;$b$; END $a$', 'SELECT 1'],
    ],
    [
      'a body that the server parses',
      'CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT 1; SELECT 2; END; SELECT 3',
      ['CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT 1; SELECT 2; END', 'SELECT 3'],
    ],
    ['an open quote', "SELECT 'a; SELECT 2", ["SELECT 'a", 'SELECT 2']],
    ['an open body', 'DO $$ a; b', ['DO $$ a; b']],
  ])('are split: %s', (_, sql, statements) => {
    expect(splitSql(sql).map(({ text }) => text)).toEqual(statements);
  });

  it('have the offset at which they begin', () => {
    const sql = '-- first\nSELECT 1;\n\n  SELECT 2;';
    expect(splitSql(sql).map(({ offset }) => sql.slice(offset, offset + 8))).toEqual(['SELECT 1', 'SELECT 2']);
  });
});
