import type { CommonQueryMethods } from 'slonik';
import type { Actor, Problem, Read, ReadCtx } from '@atlas/runtime';
import { openSnapshot, slonikOf, type Snapshot } from '@atlas/runtime/slonik';
import { csvLine, type Cell } from './csv.ts';
import { metaOf, type Freshness, type Meta } from './meta.ts';
import {
  foreignKind,
  hasArrived,
  parseMinVersion,
  waitFor,
  type ForeignVersion,
  type MinVersion,
} from './minVersion.ts';
import type { Topic } from './topics.ts';

/** A statement of a report that takes longer is given up, because others need the database too. */
const LIMITS = { statementTimeout: 5_000 };

/** The input of any report. */
export interface Asked {
  readonly query: { readonly minVersion?: string };
  readonly accept: 'application/json' | 'text/csv' | 'text/html';
  readonly ctx: ReadCtx;
}

/** The connection of a report's snapshot, and the instant for which the report is made. */
export interface Look {
  readonly db: CommonQueryMethods;
  readonly at: Date;
  readonly minVersion: MinVersion | undefined;
}

/** The file of a report: its name without an ending, its columns, and its rows in chunks. */
export interface File<Input, Refusal> {
  readonly name: string;
  readonly columns: readonly string[];
  readonly rows: (look: Look, input: Input) => Promise<AsyncIterable<readonly (readonly Cell[])[]> | Refusal>;
}

/** How a report is made from an input. It refuses with a problem of the contract. */
export interface Definition<Input extends Asked, Body extends { readonly meta: Meta }, Refusal> {
  /** The topics from which it is made. It is as fresh as the oldest of them. */
  readonly topics: readonly Topic[];
  /** Refuses an input before anything is read. */
  readonly check?: (input: Input) => Refusal | undefined;
  readonly body: (look: Look, input: Input) => Promise<Omit<Body, 'meta'> | Refusal>;
  readonly file: File<Input, Refusal>;
  readonly page: (body: Body, query: Input['query'], viewer: Actor) => string;
}

/** The headers that say how fresh an answer is, for bodies that do not say it. */
interface AnswerHeaders {
  readonly 'Atlas-As-Of': string;
  readonly 'Atlas-Stale': boolean;
  readonly 'Atlas-Satisfied'?: boolean;
  readonly 'Content-Disposition'?: string;
}

type Answer<Body> =
  | { readonly status: 200; readonly body: Body; readonly headers: AnswerHeaders }
  | {
      readonly status: 200;
      readonly mediaType: 'text/csv' | 'text/html';
      readonly body: string | AsyncIterable<string>;
      readonly headers: AnswerHeaders;
    };

export type ReportHandler<Input, Body, Refusal> = (
  freshness: Freshness,
) => (input: Input, read: Read) => Promise<Answer<Body> | Refusal | ForeignVersion>;

/** The handler of a report: its rows and how fresh they are come from one snapshot. */
export function report<
  Input extends Asked,
  Body extends { readonly meta: Meta },
  Refusal extends Problem<number, string> = never,
>({ topics, check, body, file, page }: Definition<Input, Body, Refusal>): ReportHandler<Input, Body, Refusal> {
  return (freshness) => async (input, read) => {
    const { minVersion: text } = input.query;
    const minVersion = text === undefined ? undefined : parseMinVersion(text);
    const refused = (minVersion && foreignKind(minVersion, topics)) ?? check?.(input);
    if (refused) return refused;
    const began = performance.now();
    if (minVersion) await waitFor(slonikOf(read), minVersion, input.ctx.signal);
    const snapshot = await openSnapshot(read, LIMITS);
    let isStreamed = false;
    try {
      const db = slonikOf(snapshot.read);
      const satisfied = minVersion && (await hasArrived(db, minVersion));
      const fresh = await freshness(db);
      const at = new Date(input.ctx.now.getTime() + (performance.now() - began));
      const look: Look = { db, at, minVersion };
      const meta = metaOf(fresh, topics, at, satisfied);
      if (input.accept === 'text/csv') {
        const chunks = await file.rows(look, input);
        if ('problem' in chunks) return chunks;
        isStreamed = true;
        const headers = { ...headersOf(meta), 'Content-Disposition': `attachment; filename="${file.name}.csv"` };
        return { status: 200, mediaType: 'text/csv', body: textOf(file.columns, chunks, snapshot), headers };
      }
      const made = await body(look, input);
      if ('problem' in made) return made;
      // cast: a body is its members without meta, and meta; TypeScript does not put Omit together again
      const whole = { ...made, meta } as unknown as Body;
      const headers = headersOf(meta);
      if (input.accept === 'application/json') return { status: 200, body: whole, headers };
      return { status: 200, mediaType: 'text/html', body: page(whole, input.query, input.ctx.actor), headers };
    } finally {
      if (!isStreamed) await snapshot.close();
    }
  };
}

function headersOf({ asOf, stale, satisfied }: Meta): AnswerHeaders {
  return {
    'Atlas-As-Of': asOf,
    'Atlas-Stale': stale,
    ...(satisfied === undefined ? {} : { 'Atlas-Satisfied': satisfied }),
  };
}

/**
 * The text of a file, a chunk of rows at a time. Closes the snapshot at its end, and also if nobody reads it or it is
 * not read to its end. A generator alone would not notice that.
 */
function textOf(
  columns: readonly string[],
  chunks: AsyncIterable<readonly (readonly Cell[])[]>,
  snapshot: Snapshot,
): AsyncIterable<string> {
  const texts = linesOf(columns, chunks);
  const closing = async <T>(work: Promise<IteratorResult<string, T>>): Promise<IteratorResult<string, T>> => {
    let result: IteratorResult<string, T> | undefined;
    try {
      result = await work;
      return result;
    } finally {
      if (result?.done !== false) await snapshot.close();
    }
  };
  const iterator: AsyncIterator<string, void> = {
    next: () => closing(texts.next()),
    return: () => closing(texts.return(undefined)),
  };
  return { [Symbol.asyncIterator]: () => iterator };
}

async function* linesOf(
  columns: readonly string[],
  chunks: AsyncIterable<readonly (readonly Cell[])[]>,
): AsyncGenerator<string, void> {
  yield csvLine(columns);
  for await (const rows of chunks) yield rows.map(csvLine).join('');
}
