import type { Dice } from './dice.ts';
import {
  columnText,
  createTable,
  randomCheck,
  randomColumn,
  randomForeign,
  randomTable,
  randomUnique,
  randomValue,
  TYPES,
  type RandomColumn,
  type RandomConstraint,
  type RandomTable,
} from './randomTables.ts';

/** What an edit is made with. */
interface Editing {
  readonly dice: Dice;
  readonly tables: readonly RandomTable[];
  readonly table: RandomTable;
  /** Not the key. */
  readonly column: RandomColumn;
  /** Undefined if the table has none. */
  readonly constraint: RandomConstraint | undefined;
}

/** Edits of a schema as statements. None if the schema has nothing to edit in this way. */
const EDITS: Readonly<Record<string, (editing: Editing) => readonly string[]>> = {
  'add a column': ({ dice, table }) => {
    const column = randomColumn(dice, dice.pick(['extra', 'seat', 'note']));
    return alter(table, `ADD COLUMN IF NOT EXISTS ${columnText(column)}`);
  },
  'add a column with a constraint': ({ dice, table }) => {
    const column = { ...randomColumn(dice, 'extra'), required: false };
    const edited = { ...table, columns: [column, column] };
    const { text } = dice.once(2) ? randomCheck(dice, edited) : { text: 'UNIQUE' };
    return alter(table, `ADD COLUMN ${columnText(column)} ${text}`);
  },
  'add a generated column': ({ table, column }) =>
    alter(table, `ADD COLUMN whole text GENERATED ALWAYS AS (${column.name} || '') STORED`),
  'add a column that counts': ({ table }) => alter(table, 'ADD COLUMN nr integer GENERATED ALWAYS AS IDENTITY'),
  'drop a column': ({ table, column }) => alter(table, `DROP COLUMN ${column.name} CASCADE`),
  'rename a column': ({ table, column }) => alter(table, `RENAME COLUMN ${column.name} TO other`),
  'change a type': ({ dice, table, column }) => {
    const type = dice.pick(TYPES);
    return alter(table, `ALTER COLUMN ${column.name} TYPE ${type} USING ${column.name}::text::${type}`);
  },
  'widen a type': ({ table, column }) => {
    const wider: Readonly<Record<string, string>> = {
      smallint: 'integer',
      integer: 'bigint',
      'numeric(6,2)': 'numeric(8,4)',
      'numeric(8,4)': 'numeric',
      'character varying(3)': 'character varying(8)',
      'character varying(8)': 'text',
      text: 'character varying',
    };
    const type = wider[column.type];
    return type === undefined ? [] : alter(table, `ALTER COLUMN ${column.name} TYPE ${type}`);
  },
  'set NOT NULL': ({ table, column }) => alter(table, `ALTER COLUMN ${column.name} SET NOT NULL`),
  'drop NOT NULL': ({ table, column }) => alter(table, `ALTER COLUMN ${column.name} DROP NOT NULL`),
  'set a default': ({ dice, table, column }) =>
    alter(table, `ALTER COLUMN ${column.name} SET DEFAULT ${randomValue(dice, column.type)}`),
  'drop a default': ({ table, column }) => alter(table, `ALTER COLUMN ${column.name} DROP DEFAULT`),
  'add a CHECK': ({ dice, table }) => addTo(table, randomCheck(dice, table), dice.once(3) ? ' NOT VALID' : ''),
  'add a unique constraint': ({ dice, table }) => addTo(table, randomUnique(dice, table)),
  'add a unique index of some rows': ({ dice, table, column }) => [
    `CREATE UNIQUE INDEX some_rows ON ${table.name} (${column.name}) WHERE ${dice.pick(table.columns).name} IS NOT NULL`,
  ],
  'add a unique index of an expression': ({ table, column }) => [
    `CREATE UNIQUE INDEX some_texts ON ${table.name} ((${column.name} IS NULL), ${column.name})`,
  ],
  'add an index': ({ table, column }) => [`CREATE INDEX ON ${table.name} (${column.name})`],
  'exclude equal rows': ({ table, column }) =>
    alter(table, `ADD CONSTRAINT no_equals EXCLUDE USING btree (${column.name} WITH =)`),
  'add a reference': ({ dice, tables, table }) => {
    const parent = dice.pick(tables);
    const own = table.columns.find(({ name, type }) => name !== `${table.name}_id` && /^(?:small|big)?int/.test(type));
    return own ? addTo(table, randomForeign(dice, table, own.name, parent), dice.once(3) ? ' NOT VALID' : '') : [];
  },
  'drop a constraint': ({ table, constraint }) =>
    constraint ? alter(table, `DROP CONSTRAINT ${constraint.name} CASCADE`) : [],
  'make a constraint again': ({ table, constraint }) =>
    constraint ? [...alter(table, `DROP CONSTRAINT ${constraint.name}`), ...addTo(table, constraint)] : [],
  'check a reference at once': ({ table }) =>
    table.constraints
      .filter(({ kind }) => kind === 'foreign')
      .flatMap(({ name }) => alter(table, `ALTER CONSTRAINT ${name} NOT DEFERRABLE`)),
  'rename a table': ({ table }) => alter(table, 'RENAME TO renamed'),
  'rename a table and leave a view': ({ table }) => [
    ...alter(table, 'RENAME TO renamed'),
    `CREATE VIEW ${table.name} AS SELECT * FROM renamed`,
  ],
  'drop a table': ({ table }) => [`DROP TABLE ${table.name} CASCADE`],
  'add a table': ({ dice, tables }) => [createTable(randomTable(dice, 'extra_table', tables))],
  'rename a value': ({ dice }) => [`ALTER TYPE state RENAME VALUE '${dice.pick(['HELD', 'PAID', 'GONE'])}' TO 'OTHER'`],
  'add a value': () => [`ALTER TYPE state ADD VALUE 'NEW'`],
  'narrow a domain': () => ['ALTER DOMAIN label ADD CONSTRAINT shorter CHECK (length(VALUE) <= 1) NOT VALID'],
  'make a domain required': () => ['ALTER DOMAIN label SET NOT NULL'],
  'add a trigger': ({ dice, table, column }) => [
    `CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
      IF NEW.${column.name} = ${randomValue(dice, column.type)} THEN RAISE EXCEPTION 'refused'; END IF;
      RETURN NEW; END $$`,
    `CREATE TRIGGER refusing BEFORE INSERT OR UPDATE ON ${table.name} FOR EACH ROW EXECUTE FUNCTION refuse()`,
  ],
  'add a rule': ({ table }) => [
    `CREATE RULE quiet AS ON UPDATE TO ${table.name} WHERE NEW.${table.name}_id > 2 DO INSTEAD NOTHING`,
  ],
};

function alter({ name }: RandomTable, what: string): readonly string[] {
  return [`ALTER TABLE ${name} ${what}`];
}

function addTo(table: RandomTable, { name, text }: RandomConstraint, end = ''): readonly string[] {
  return alter(table, `ADD CONSTRAINT ${name} ${text}${end}`);
}

/** A migration of one to three edits, and their names. It may be one that Postgres refuses. */
export function randomMigration(
  dice: Dice,
  tables: readonly RandomTable[],
): { readonly edits: readonly string[]; readonly sql: string } {
  const edits: string[] = [];
  const statements: string[] = [];
  const wanted = 1 + dice.below(3);
  while (edits.length < wanted) {
    const name = dice.pick(Object.keys(EDITS));
    const table = dice.pick(tables);
    const column = dice.pick(table.columns.slice(1));
    const constraint = table.constraints.length > 0 ? dice.pick(table.constraints) : undefined;
    edits.push(name);
    statements.push(...(EDITS[name]?.({ dice, tables, table, column, constraint }) ?? []));
  }
  return { edits, sql: statements.map((text) => `${text};\n`).join('') };
}
