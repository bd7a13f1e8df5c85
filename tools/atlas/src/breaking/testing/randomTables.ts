import type { Dice } from './dice.ts';

/** A column of a random table. */
export interface RandomColumn {
  readonly name: string;
  /** A key of `VALUES`. */
  readonly type: string;
  readonly required: boolean;
  /** As SQL writes it. */
  readonly preset?: string;
}

/** A table of random migrations. Its first column is the primary key. */
export interface RandomTable {
  readonly name: string;
  readonly columns: readonly RandomColumn[];
  /** Names of constraints and indexes, with what they are. */
  readonly constraints: readonly RandomConstraint[];
}

export interface RandomConstraint {
  readonly name: string;
  readonly kind: 'check' | 'unique' | 'foreign';
  /** Names of columns. */
  readonly columns: readonly string[];
  /** As SQL writes it after the name. */
  readonly text: string;
}

/** A statement of the code: texts, and between them the types of the values that the code puts there. */
export type RandomStatement = readonly (string | { readonly type: string })[];

/** Values of each type as SQL writes them. Constraints and statements use the same few, so that they often meet. */
const VALUES: Readonly<Record<string, readonly string[]>> = {
  smallint: ['0', '1', '2', '3', '5', '-1', '300'],
  integer: ['0', '1', '2', '3', '5', '-1', '300', '40000'],
  bigint: ['0', '1', '2', '3', '5', '-1', '40000', '3000000000'],
  'numeric(6,2)': ['0', '1', '1.5', '2.25', '3', '1.005', '-1', '9999.99'],
  'numeric(8,4)': ['0', '1', '1.5', '2.25', '3', '1.0055', '-1', '9999.99'],
  text: ['', 'a', 'b', 'ab', 'abc', 'abcd', 'HELD', 'a-1', 'a long text of more than twenty letters'],
  'character varying(3)': ['', 'a', 'b', 'ab', 'abc', 'a-1'],
  'character varying(8)': ['', 'a', 'b', 'ab', 'abc', 'abcd', 'HELD', 'a-1', 'eight888'],
  boolean: ['true', 'false'],
  date: ['2030-01-01', '2031-06-01', '1999-12-31'],
  state: ['HELD', 'PAID', 'GONE'],
  label: ['', 'a', 'ab', 'abcd', 'abcde'],
};

/** Types of columns. */
export const TYPES = Object.keys(VALUES);

/** The types that every random schema has. `label` is a domain. */
const OWN_TYPES = `CREATE TYPE state AS ENUM ('HELD', 'PAID', 'GONE');
CREATE DOMAIN label AS text CHECK (length(VALUE) <= 5);`;

const NUMBERS = /^(?:smallint|integer|bigint|numeric)/;
const TEXTS = /^(?:text|character|label)/;

/** A value of a type, quoted, or NULL. */
export function randomValue(dice: Dice, type: string, mayBeNull = false): string {
  return mayBeNull && dice.once(5) ? 'NULL' : `'${dice.pick(VALUES[type] ?? ['1'])}'`;
}

/** Two or three tables. Later ones may refer to earlier ones. */
export function randomTables(dice: Dice): readonly RandomTable[] {
  const tables: RandomTable[] = [];
  for (const name of ['show', 'booking', 'payment'].slice(0, 2 + dice.below(2)))
    tables.push(randomTable(dice, name, tables));
  return tables;
}

/** A table with a key of integers and a few columns of any type. */
export function randomTable(dice: Dice, name: string, others: readonly RandomTable[]): RandomTable {
  const names = ['seat', 'price', 'note', 'qty', 'day'].slice(0, 2 + dice.below(4));
  const columns = [
    { name: `${name}_id`, type: 'integer', required: true },
    ...names.map((column) => randomColumn(dice, column)),
  ];
  const parents = others.length > 0 && dice.once(2) ? [dice.pick(others)] : [];
  const keys = parents.map((parent) => ({ name: `${parent.name}_id`, type: 'integer', required: dice.once(2) }));
  const table = { name, columns: [...columns, ...keys], constraints: [] };
  const constraints: RandomConstraint[] = parents.map((parent) =>
    randomForeign(dice, table, `${parent.name}_id`, parent),
  );
  if (dice.once(2)) constraints.push(randomCheck(dice, table));
  if (dice.once(2)) constraints.push(randomUnique(dice, table));
  return { ...table, constraints };
}

export function randomColumn(dice: Dice, name: string): RandomColumn {
  const type = dice.pick(TYPES);
  const required = dice.once(2);
  return { name, type, required, ...(dice.once(4) ? { preset: randomValue(dice, type) } : {}) };
}

let names = 0;

/** A name that no other constraint of this process has. */
function fresh(table: string, kind: string): string {
  names += 1;
  return `${table}_${kind}_${names}`;
}

/** A CHECK of one column, or of two numbers. */
export function randomCheck(dice: Dice, { name, columns }: RandomTable): RandomConstraint {
  const column = dice.pick(columns);
  const numbers = columns.filter(({ type }) => NUMBERS.test(type));
  const value = (): string => randomValue(dice, column.type);
  const forms = [`${column.name} <> ${value()}`, `${column.name} IN (${value()}, ${value()})`];
  if (NUMBERS.test(column.type)) {
    forms.push(`${column.name} >= ${value()}`, `${column.name} < ${value()}`);
    forms.push(`${column.name} BETWEEN -1 AND ${value()}`, `${column.name} <= ${dice.pick(numbers).name}`);
    if (column.type.startsWith('numeric')) forms.push(`${column.name} = round(${column.name}, 2)`);
  }
  if (TEXTS.test(column.type)) {
    forms.push(`length(${column.name}) <= ${1 + dice.below(4)}`, `${column.name} ~ '^[a-z]*$'`, `${column.name} <> ''`);
  }
  if (!column.required) forms.push(`${column.name} IS NOT NULL`);
  return {
    name: fresh(name, 'check'),
    kind: 'check',
    columns: [column.name],
    text: `CHECK (${dice.pick(forms)})`,
  };
}

/** One or two columns that must be unique. */
export function randomUnique(dice: Dice, { name, columns }: RandomTable): RandomConstraint {
  const one = dice.pick(columns);
  const two = dice.pick(columns);
  const keys = [...new Set(dice.once(2) ? [one.name, two.name] : [one.name])];
  const when = dice.once(6) ? ' DEFERRABLE INITIALLY DEFERRED' : '';
  return { name: fresh(name, 'unique'), kind: 'unique', columns: keys, text: `UNIQUE (${keys.join(', ')})${when}` };
}

export function randomForeign(
  dice: Dice,
  { name }: RandomTable,
  column: string,
  parent: RandomTable,
): RandomConstraint {
  const cascade = dice.once(3) ? ' ON DELETE CASCADE' : '';
  const when = dice.once(5) ? ' DEFERRABLE INITIALLY DEFERRED' : '';
  const text = `FOREIGN KEY (${column}) REFERENCES ${parent.name}${cascade}${when}`;
  return { name: fresh(name, 'foreign'), kind: 'foreign', columns: [column], text };
}

/** The migration that makes the tables. */
export function migrationOf(tables: readonly RandomTable[]): string {
  return [OWN_TYPES, ...tables.map(createTable)].join('\n');
}

export function createTable({ name, columns, constraints }: RandomTable): string {
  const parts = [
    ...columns.map((column, index) => columnText(column) + (index === 0 ? ' PRIMARY KEY' : '')),
    ...constraints.map((one) => `CONSTRAINT ${one.name} ${one.text}`),
  ];
  return `CREATE TABLE ${name} (\n  ${parts.join(',\n  ')}\n);`;
}

export function columnText({ name, type, required, preset }: RandomColumn): string {
  return `${name} ${type}${required ? ' NOT NULL' : ''}${preset === undefined ? '' : ` DEFAULT ${preset}`}`;
}

/** Statements of a program on these tables: for each table some that write and some that read. */
export function randomStatements(dice: Dice, tables: readonly RandomTable[]): readonly RandomStatement[] {
  return tables.flatMap((table) => [
    insertOf(dice, table),
    ...(dice.once(3) ? [insertOf(dice, table)] : []),
    ...(dice.once(2) ? [updateOf(dice, table)] : []),
    ...(dice.once(3) ? [[`DELETE FROM ${table.name} WHERE ${firstOf(table)} = `, { type: 'integer' }]] : []),
    selectOf(dice, table, tables),
  ]);
}

function firstOf({ columns, name }: RandomTable): string {
  return columns[0]?.name ?? name;
}

function insertOf(dice: Dice, { name, columns, constraints }: RandomTable): RandomStatement {
  const written = columns.filter(
    ({ required, preset }, index) => index === 0 || (required && preset === undefined) || !dice.once(3),
  );
  const values = written.flatMap(({ type }, index): RandomStatement => {
    const value = index > 0 && dice.once(6) ? randomValue(dice, type) : { type };
    return index === 0 ? [value] : [', ', value];
  });
  const unique = constraints.find(({ kind, text }) => kind === 'unique' && !text.includes('DEFERRABLE'));
  const end: string[] = [];
  if (unique && dice.once(2)) end.push(` ON CONFLICT (${unique.columns.join(', ')}) DO NOTHING`);
  return [`INSERT INTO ${name} (${written.map((column) => column.name).join(', ')}) VALUES (`, ...values, ')', ...end];
}

function updateOf(dice: Dice, table: RandomTable): RandomStatement {
  const column = dice.pick(table.columns.slice(1));
  const value = dice.once(3) ? randomValue(dice, column.type) : { type: column.type };
  const end = [` WHERE ${firstOf(table)} = `, { type: 'integer' }];
  return [`UPDATE ${table.name} SET ${column.name} = `, value, ...end];
}

function selectOf(
  dice: Dice,
  { name, columns, constraints }: RandomTable,
  tables: readonly RandomTable[],
): RandomStatement {
  const parent = tables.find((other) => constraints.some(({ text }) => text.includes(`REFERENCES ${other.name}`)));
  const read = [...new Set([dice.pick(columns).name, dice.pick(columns).name])];
  if (parent && dice.once(2)) {
    const key = `${parent.name}_id`;
    const own = read.filter((column) => !parent.columns.some((other) => other.name === column));
    return [`SELECT ${own.join(', ') || '1'} FROM ${name} JOIN ${parent.name} USING (${key})`];
  }
  if (dice.once(6)) return [`SELECT * FROM ${name}`];
  const column = dice.pick(columns);
  return [`SELECT ${read.join(', ')} FROM ${name} WHERE ${column.name} = `, { type: column.type }];
}

/** A TypeScript file that has the statements. */
export function codeOf(statements: readonly RandomStatement[]): string {
  const lines = statements.map((parts, index) => {
    const text = parts.map((part) => (typeof part === 'string' ? part : '${value}')).join('');
    return `export const statement${index} = (value: string) => sql.unsafe\`${text}\`;`;
  });
  return `import { sql } from 'slonik';\n\n${lines.join('\n')}\n`;
}

/** A statement as the code sends it. */
export function sentStatement(dice: Dice, statement: RandomStatement): string {
  return statement.map((part) => (typeof part === 'string' ? part : randomValue(dice, part.type, true))).join('');
}
