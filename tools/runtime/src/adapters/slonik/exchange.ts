import pg from 'pg';
import { AtlasError } from '../../contract/atlasError.ts';

/** A statement for pg. With a name, each connection prepares it once. */
export interface PgStatement {
  readonly text: string;
  readonly name?: string | undefined;
  readonly values?: readonly unknown[] | undefined;
}

export interface PgResult {
  /** The first word of the command's tag, such as `UPDATE`. */
  readonly command: string;
  /** How many rows it has returned or changed; null for commands such as BEGIN. */
  readonly rowCount: number | null;
  readonly rows: Record<string, unknown>[];
  readonly fields: readonly Field[];
}

/** A column, in slonik's form. */
interface Field {
  readonly name: string;
  readonly dataTypeId: number;
}

/** The columns of a statement, and how to read them. */
interface Description {
  readonly fields: readonly Field[];
  readonly parsers: readonly ((text: string) => unknown)[];
  /** Has all columns. A copy with values is faster than an object to which columns are added. */
  readonly empty: Readonly<Record<string, unknown>>;
}

interface Active {
  readonly statement: PgStatement;
  readonly rows: Record<string, unknown>[];
  description: Description;
  command: string;
  rowCount: number | null;
}

/** What @types/pg leaves out: which statements a connection has prepared, and how it sends. */
interface Connection extends pg.Connection {
  readonly parsedStatements: Record<string, string>;
  readonly submittedNamedStatements: Record<string, string>;
}

interface RowDescription {
  readonly fields: readonly { readonly name: string; readonly dataTypeID: number }[];
}

/** Makes the text or the bytes of a value, as a parameter of a statement. */
type PrepareValue = (value: unknown) => string | Buffer | null;

// cast: @types/pg leaves out this part of pg
const { prepareValue } = (pg as unknown as { readonly utils: { readonly prepareValue: PrepareValue } }).utils;

const NO_COLUMNS: Description = { fields: [], parsers: [], empty: {} };
/** `INSERT 0 3`, `UPDATE 3`, `BEGIN`: the last number counts rows. */
const TAG = /^([A-Za-z]+)(?: (\d+))?(?: (\d+))?/;

/** The columns of each prepared statement of a connection. They cannot change while it is prepared. */
const described = new WeakMap<object, Map<string, Description>>();

/**
 * Statements in one round trip: they are sent together, and one Sync ends all of them (PostgreSQL, message flow of the
 * extended query protocol). If one fails, the server skips the others. So a COMMIT at the end runs only if everything
 * before it has worked, and nothing runs if the BEGIN before it has failed.
 *
 * pg's option `pipeline` sends a Sync after each statement. Then a statement would run without its transaction if BEGIN
 * failed, and the server would send each answer in a packet of its own. pg's own queries also ask for the columns of a
 * prepared statement each time, and read them again.
 */
export class Exchange implements pg.Submittable {
  /** The result of each statement. Rejects with the first error. */
  readonly results: Promise<readonly PgResult[]>;
  readonly #outcome = Promise.withResolvers<readonly PgResult[]>();
  readonly #types: pg.CustomTypesConfig;
  readonly #actives: readonly Active[];
  /** The index of the statement that the server is answering. */
  #at = 0;
  #failed = false;
  /** A value that could not be read. */
  #unreadable: { readonly error: unknown } | undefined;
  #described: Map<string, Description> = new Map();

  constructor(statements: readonly PgStatement[], types: pg.CustomTypesConfig) {
    this.results = this.#outcome.promise;
    this.#types = types;
    this.#actives = statements.map((statement) => ({
      statement,
      rows: [],
      description: NO_COLUMNS,
      command: '',
      rowCount: null,
    }));
  }

  /** The statement that the server is answering. After an error, the one that has failed. */
  get active(): PgStatement | undefined {
    return this.#actives[this.#at]?.statement;
  }

  /** When the server has parsed the active statement, pg remembers its name and text as prepared. */
  get name(): string | undefined {
    return this.active?.name;
  }

  get text(): string | undefined {
    return this.active?.text;
  }

  submit(given: pg.Connection): null {
    // cast: a connection of pg has these members, @types/pg leaves them out
    const connection = given as Connection;
    const known = described.get(connection) ?? new Map<string, Description>();
    described.set(connection, known);
    this.#described = known;
    const chunks: Buffer[] = [];
    // the connection's methods make the bytes, which are then written at once
    const collecting: Connection = Object.create(connection, {
      _send: { value: (chunk: Buffer) => chunks.push(chunk) },
    });
    for (const active of this.#actives) {
      const before = chunks.length;
      try {
        this.#send(active, collecting);
      } catch (error) {
        // a COMMIT after a statement that could not be sent must not be sent either
        chunks.length = before;
        // with a code of its own, so that it is not mistaken for a lost answer to COMMIT
        this.#fail(new AtlasError('ATLAS_STATEMENT', `a statement can't be sent: ${String(error)}`));
        break;
      }
    }
    collecting.sync();
    if (connection.stream.writable) connection.stream.write(Buffer.concat(chunks));
    return null;
  }

  handleRowDescription({ fields }: RowDescription): void {
    const active = this.#actives[this.#at];
    if (!active) return;
    active.description = {
      fields: fields.map(({ name, dataTypeID }) => ({ name, dataTypeId: dataTypeID })),
      parsers: fields.map(({ dataTypeID }) => this.#types.getTypeParser(dataTypeID, 'text')),
      empty: Object.fromEntries(fields.map(({ name }) => [name, null])),
    };
  }

  handleDataRow({ fields: texts }: { readonly fields: readonly (string | null)[] }): void {
    const active = this.#actives[this.#at];
    if (!active || this.#unreadable) return;
    const { fields, parsers, empty } = active.description;
    try {
      const row = { ...empty };
      for (let at = 0; at < texts.length; at++) {
        const [text, field, parse] = [texts[at], fields[at], parsers[at]];
        if (typeof text === 'string' && field && parse) row[field.name] = parse(text);
      }
      active.rows.push(row);
    } catch (error) {
      this.#unreadable = { error };
    }
  }

  handleCommandComplete({ text: tag }: { readonly text: string }): void {
    const active = this.#actives[this.#at];
    if (!active) return;
    const [, command = '', first, last] = TAG.exec(tag) ?? [];
    active.command = command;
    active.rowCount = last === undefined && first === undefined ? null : Number(last ?? first);
    this.#done(active);
  }

  handleEmptyQuery(): void {
    const active = this.#actives[this.#at];
    if (active) this.#done(active);
  }

  handleCopyInResponse(connection: pg.Connection & { sendCopyFail(reason: string): void }): void {
    connection.sendCopyFail('No source stream defined');
  }

  handleCopyData(): void {}

  handleReadyForQuery(): void {
    if (this.#unreadable) this.#fail(this.#unreadable.error);
    if (this.#failed) return;
    this.#outcome.resolve(
      this.#actives.map(({ command, rowCount, rows, description: { fields } }) => ({
        command,
        rowCount,
        rows,
        fields,
      })),
    );
  }

  handleError(error: unknown, connection: Connection): void {
    // the server has not parsed the statements that it skips
    for (const { statement } of this.#actives.slice(this.#at + 1)) {
      if (statement.name !== undefined) delete connection.submittedNamedStatements[statement.name];
    }
    this.#fail(this.#unreadable ? this.#unreadable.error : error);
  }

  #done({ statement: { name }, description }: Active): void {
    if (name !== undefined) this.#described.set(name, description);
    this.#at += 1;
  }

  /** Makes the messages of a statement. Throws if it cannot be sent. */
  #send(active: Active, connection: Connection): void {
    const { name = '', text, values = [] } = active.statement;
    const { parsedStatements, submittedNamedStatements } = connection;
    const before = name === '' ? undefined : (parsedStatements[name] ?? submittedNamedStatements[name]);
    if (before !== undefined && before !== text)
      throw new Error(`Prepared statements must be unique: "${name}" was used for another one`);
    if (before === undefined) connection.parse({ name, text, types: [] }, true);
    connection.bind({ statement: name, values: values.map((value) => prepareValue(value)) }, true);
    const known = parsedStatements[name] === undefined ? undefined : this.#described.get(name);
    if (known) active.description = known;
    else connection.describe({ type: 'P', name: '' }, true);
    connection.execute({ portal: '', rows: '' }, true);
    if (name !== '' && before === undefined) submittedNamedStatements[name] = text;
  }

  #fail(error: unknown): void {
    this.#failed = true;
    this.#outcome.reject(error);
  }
}
