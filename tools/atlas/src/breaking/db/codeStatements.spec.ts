import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { codeStatements } from './codeStatements.ts';
import { insertsOf } from './inserts.ts';

const sqlOf = (text: string): readonly string[] => codeStatements('a.ts', text).map(({ sql }) => sql);

describe('the SQL of a TypeScript file', () => {
  it.each([
    ['a string', `const a = 'SELECT seat FROM booking';`, ['SELECT seat FROM booking']],
    ['a tagged template', 'sql.unsafe`SELECT ${a} FROM b WHERE c = ${d}`', ['SELECT $1 FROM b WHERE c = $2']],
    ['a tag that is called', "sql.prepared('x', rows<A>())`SELECT 1 WHERE a = ${b}`", ['SELECT 1 WHERE a = $1']],
    [
      'a fragment',
      'const A = sql.fragment`SELECT a FROM b`;\nsql`${A} WHERE c = ${d}`',
      ['SELECT a FROM b', 'SELECT a FROM b WHERE c = $1'],
    ],
    ['columns of a constant', 'const C = `a, b`;\nconst text = `SELECT ${C} FROM d`', ['SELECT a, b FROM d']],
    ['a constant string without a tag', "const C = 'a, b';\nconst text = `SELECT ${C} FROM d`", ['SELECT a, b FROM d']],
    [
      'a constant string under a tag, which is a parameter',
      "const C = 'open';\nsql`SELECT a FROM b WHERE c = ${C}`",
      ['SELECT a FROM b WHERE c = $1'],
    ],
    [
      'parameters that are written',
      'const text = `UPDATE a SET b = $1 WHERE c = $2`',
      ['UPDATE a SET b = $1 WHERE c = $2'],
    ],
    [
      'unnest and array',
      "sql`INSERT INTO a (b, c) SELECT * FROM ${sql.unnest(x, ['uuid', 'int8'])} WHERE d = ANY(${sql.array(y, 'text')})`",
      ['INSERT INTO a (b, c) SELECT * FROM unnest($1::uuid[], $2::int8[]) WHERE d = ANY($3::text[])'],
    ],
    ['names', "sql`SELECT 1 FROM ${sql.identifier(['s', 'a'])}`", ['SELECT 1 FROM "s"."a"']],
    ['a fragment of itself', 'const A = `SELECT ${A}`;', [expect.stringContaining('$1')]],
    ['none', "const a = 'Select'; throw new Error(`no seat ${a}`);", []],
  ])('is read: %s', (_, text, statements) => {
    expect(sqlOf(text)).toEqual(statements);
  });

  it('has the place of its first letter', () => {
    const [statement] = codeStatements('a.ts', 'const a = sql`\n  SELECT 1`;');
    expect(statement?.loc).toMatchObject({ file: 'a.ts', line: 2, column: 3 });
  });
});

describe('the SQL of the runtime', () => {
  const repository = fileURLToPath(new URL('../../../../../', import.meta.url));
  const files = globSync('tools/runtime/src/**/*.ts', { cwd: repository });

  it('names each table in its text, so that it can be tried on the tables of another release', () => {
    const statements = files.flatMap((file) => codeStatements(file, readFileSync(`${repository}${file}`, 'utf8')));
    expect(statements.length).toBeGreaterThan(40);
    const unread = statements.filter(({ sql }) => /\b(?:FROM|INTO|UPDATE|JOIN) \$\d/.test(sql));
    expect(unread.map(({ loc: { file, line }, sql }) => `${file}:${line} ${sql}`)).toEqual([]);
  });
});

describe('the INSERTs of a statement', () => {
  it.each([
    [
      'values that are always the same',
      "INSERT INTO a (b, c, d) VALUES ($1, 'x''y', now())",
      [undefined, "'x''y'", 'now()'],
    ],
    ['casts and calls', 'INSERT INTO a (b, c) VALUES ($1::uuid, coalesce($2, 1))', [undefined, undefined]],
    ['a SELECT', 'WITH x AS (SELECT 1) INSERT INTO "a" (b, "c") SELECT $1, $2', [undefined, undefined]],
  ])('are read: %s', (_, sql, fixed) => {
    expect(insertsOf(sql)).toEqual([{ table: 'a', columns: ['b', 'c', 'd'].slice(0, fixed.length), fixed }]);
  });

  it('are left out if they name no columns', () => {
    expect(insertsOf('INSERT INTO a VALUES ($1)')).toEqual([]);
  });
});
