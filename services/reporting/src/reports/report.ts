import type { CommonQueryMethods } from 'slonik';
import type { Ctx, Problem, Read } from '@atlas/runtime';
import { openSnapshot, slonikOf } from '@atlas/runtime/slonik';
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

/** A statement of a report that takes longer is given up: somebody else needs the database, too. */
const LIMITS = { statementTimeout: 5_000 };

/** What each report is asked with. */
export interface Asked {
  readonly query: { readonly minVersion?: string };
  readonly ctx: Ctx;
}

/** The connection of a report's snapshot, and the instant for which the report is made. */
export interface Look {
  readonly db: CommonQueryMethods;
  readonly at: Date;
  readonly minVersion: MinVersion | undefined;
}

/** How a report is made of an input. It refuses with a problem of the contract. */
export interface Definition<Input extends Asked, Body extends { readonly meta: Meta }, Refusal> {
  /** What it is made of. It is as fresh as the oldest of them. */
  readonly topics: readonly Topic[];
  /** Refuses an input before anything is read. */
  readonly check?: (input: Input) => Refusal | undefined;
  readonly body: (look: Look, input: Input) => Promise<Omit<Body, 'meta'> | Refusal>;
}

interface Answer<Body> {
  readonly status: 200;
  readonly body: Body;
}

export type ReportHandler<Input, Body, Refusal> = (
  freshness: Freshness,
) => (input: Input, read: Read) => Promise<Answer<Body> | Refusal | ForeignVersion>;

/** The handler of a report: its rows and how fresh they are come from one snapshot. */
export function report<
  Input extends Asked,
  Body extends { readonly meta: Meta },
  Refusal extends Problem<number, string> = never,
>(definition: Definition<Input, Body, Refusal>): ReportHandler<Input, Body, Refusal> {
  const { topics, check, body } = definition;
  return (freshness) => async (input, read) => {
    const { minVersion: text } = input.query;
    const minVersion = text === undefined ? undefined : parseMinVersion(text);
    const refused = check?.(input) ?? (minVersion && foreignKind(minVersion, topics));
    if (refused) return refused;
    const began = performance.now();
    if (minVersion) await waitFor(slonikOf(read), minVersion);
    const snapshot = await openSnapshot(read, LIMITS);
    try {
      const db = slonikOf(snapshot.read);
      const satisfied = minVersion && (await hasArrived(db, minVersion));
      const fresh = await freshness(db);
      const at = new Date(input.ctx.now.getTime() + (performance.now() - began));
      const made = await body({ db, at, minVersion }, input);
      if ('problem' in made) return made;
      // cast: a body is its members without meta, and meta; TypeScript does not put Omit together again
      return { status: 200, body: { ...made, meta: metaOf(fresh, topics, at, satisfied) } as unknown as Body };
    } finally {
      await snapshot.close();
    }
  };
}
