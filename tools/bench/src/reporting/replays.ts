import { randomUUID } from 'node:crypto';
import { contract, type Handlers } from '@atlas/generated-reporting';
import type { AnyEventInput, ServiceContract, Tx } from '@atlas/runtime';
import { type Mark, startReplay } from '@atlas/runtime/replay';
import type { ServiceEnv } from '@atlas/runtime/service';
import pg from 'pg';
import { consumersOf } from '../../../../services/reporting/src/consumers.ts';
import { projections } from '../../../../services/reporting/src/projections/index.ts';
import type { AnyMessage, Projection } from '../../../../services/reporting/src/projections/projection.ts';

const NAMES = new Map(contract.consumers.map(({ message }) => [message.type, message.name]));

/** The contract of Reporting without its sets. */
const oneByOne: ServiceContract<Handlers> = {
  ...contract,
  consumers: contract.consumers.map(({ batch: _, ...consumer }) => consumer),
};

export interface ReplayOptions {
  readonly env: ServiceEnv;
  /** Sets of events as in the service, or one event per transaction. */
  readonly form: 'sets' | 'singles';
  /** How much of each partition is read: all of it is 1. */
  readonly share: number;
}

/**
 * Reads events from the beginning into the schema `rebuild`, as a rebuild does, and returns the events per second from
 * the first handler to the last commit.
 */
export async function replayRate({ env, form, share }: ReplayOptions): Promise<number> {
  await beginRebuild(env.databaseUrl);
  let started: number | undefined;
  const watch: Projection = {
    name: 'watch',
    version: 1,
    tables: [],
    apply: async () => void (started ??= performance.now()),
  };
  const all = [watch, ...projections];
  const replaying = { env, schema: 'rebuild', name: `rebuild-${randomUUID()}` };
  const replay =
    form === 'sets'
      ? await startReplay(contract, { ...replaying, consumers: consumersOf(all) })
      : await startReplay(oneByOne, { ...replaying, consumers: singlesOf(all) });
  try {
    const begins = new Map(replay.begins.map((mark) => [placeOf(mark), mark.next]));
    let events = 0;
    const marks = (await replay.ends()).map((end): Mark => {
      const begin = begins.get(placeOf(end)) ?? 0n;
      const some = Math.ceil(Number(end.next - begin) * share);
      events += some;
      return { ...end, next: begin + BigInt(some) };
    });
    await replay.reach(marks, new AbortController().signal);
    return (events * 1_000) / (performance.now() - (started ?? Number.NaN));
  } finally {
    await replay.stop();
  }
}

/** The copies of the tables, empty. */
async function beginRebuild(databaseUrl: string): Promise<void> {
  const client = new pg.Client(databaseUrl);
  await client.connect();
  try {
    const tables = projections.flatMap((projection) => projection.tables);
    await client.query('SELECT FROM public.rebuild_begin($1::uuid, $2::text[])', [randomUUID(), tables]);
  } finally {
    await client.end();
  }
}

function singlesOf(all: readonly Projection[]) {
  const handle = async ({ data, meta }: AnyEventInput, tx: Tx) => {
    // cast: the decoder gives what the schema of the event's type says
    const message = { type: NAMES.get(meta.type), data, meta } as AnyMessage;
    for (const projection of all) await projection.apply([message], tx);
    return { events: [] };
  };
  return Object.fromEntries(contract.consumers.map(({ name }) => [name, handle]));
}

function placeOf({ topic, partition }: Mark): string {
  return `${topic}/${partition}`;
}
