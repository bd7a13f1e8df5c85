import { throughConflicts } from '../../conflicts.ts';
import { AtlasError } from '../../contract/atlasError.ts';
import { flushAtCommit } from '../../outbox/flush.ts';
import { wakeFor, type Written } from '../../outbox/written.ts';
import { RejoinGroup } from '../../ports/kafka.ts';
import type { SqlSession } from '../../ports/sql.ts';
import { contextsOf, logFieldsOf, type Delivery } from '../delivery.ts';
import type { Fence } from '../fences.ts';
import { NOT_HANDLED, runHandler } from '../handling.ts';
import type { InboxOptions } from '../options.ts';
import { deadName } from '../statements.ts';
import type { Around } from '../singles.ts';
import type { Outcome } from '../step.ts';
import { inputOfError, queue } from '../transaction.ts';
import { ARRIVE_SET, type ArrivedSet } from './statements.ts';
import type { SetInput } from './step.ts';

/** Messages of one consumer and partition, in the order of their offsets. */
export type DeliveredSet = readonly [Delivery, ...Delivery[]];

/** What happened to a message of a set. */
export interface Consumed {
  readonly outcome: Outcome;
  readonly noop: string | undefined;
}

export type AppliedSet =
  | { readonly kind: 'committed'; readonly consumed: readonly Consumed[] }
  | Exclude<SetInput, { kind: 'committed' | 'ended' }>;

/**
 * Consumes messages in one transaction. Never throws: an error becomes the next input of `setStep`. All payloads are
 * decoded before the transaction, because the registry may be slow. With `keepsOffset`, the same transaction keeps the
 * offset after the set.
 */
export async function applySet(
  options: InboxOptions,
  set: DeliveredSet,
  around: Pick<Around, 'fence' | 'keepsOffset'>,
): Promise<AppliedSet> {
  const payloads: unknown[] = [];
  try {
    for (const { consumer, record } of set) {
      payloads.push(await options.decoders.decode(consumer.contract, record.value));
    }
  } catch {
    // when the message is consumed alone, the error says what is wrong with it
    return { kind: 'notDecoded', at: payloads.length };
  }
  try {
    const { consumed, written } = await transact(options, set, payloads, around);
    wakeFor(options.wake, written);
    return { kind: 'committed', consumed };
  } catch (error) {
    return failed(options, set, error);
  }
}

function failed({ log }: InboxOptions, set: DeliveredSet, error: unknown): AppliedSet {
  const [first] = set;
  const input: AppliedSet =
    error instanceof AtlasError && error.code === 'ATLAS_CONTENDED' ? { kind: 'contended' } : partOf(error);
  if (input.kind === 'fenced') return input;
  const waits = input.kind === 'unavailable' || input.kind === 'commitUnknown';
  log.warn(
    { err: error, ...logFieldsOf(first), messages: set.length, outcome: input.kind },
    waits ? 'a set of events has to wait' : 'a set of events could not be consumed together: it is split',
  );
  return input;
}

function partOf(error: unknown): AppliedSet {
  const { kind } = inputOfError(error);
  // the handler itself may decode something
  return kind === 'undecodable' || kind === 'unknownSchema' ? { kind: 'failed' } : { kind };
}

interface TransactedSet {
  readonly consumed: readonly Consumed[];
  readonly written: Written;
}

async function transact(
  options: InboxOptions,
  set: DeliveredSet,
  payloads: readonly unknown[],
  { fence, keepsOffset }: Pick<Around, 'fence' | 'keepsOffset'>,
): Promise<TransactedSet> {
  const { store, clock } = options;
  const now = clock.now();
  const nextContext = contextsOf(set[0], now);
  return throughConflicts(() =>
    store.transaction<TransactedSet>(
      async (session) => {
        const arrived = await arrive(options, session, set, fence, now);
        const consumed: Consumed[] = set.map(() => ({ outcome: 'duplicate', noop: undefined }));
        for (const index of arrived.parked) {
          const delivery = set[index];
          if (delivery && (await queue(session, delivery, { tries: 0, now })))
            consumed[index] = { outcome: 'queued', noop: undefined };
        }
        const fresh = set.flatMap((delivery, index) =>
          arrived.fresh.has(index) ? [{ delivery, data: payloads[index], attempt: 1, index }] : [],
        );
        const [first, ...others] = fresh;
        const handled = first && (await runHandler(options, session, [first, ...others], nextContext()));
        for (const [n, { index }] of fresh.entries()) consumed[index] = { outcome: 'applied', noop: handled?.noops[n] };
        const { before, records, written } = handled ?? NOT_HANDLED;
        const { record } = set.at(-1) ?? set[0];
        // last, because a reader of all partitions waits for this row
        const keeps = keepsOffset ? [options.fences.keepsWithEffects(fence, record.offset + 1n, record.timestamp)] : [];
        return flushAtCommit({ before: [...before, ...keeps], records }, () => ({ consumed, written }));
      },
      // the messages follow one by one instead of the whole set again, because they lock less
      { once: true },
    ),
  );
}

/** Locks fence and parked keys, and enters the events in the inbox. Throws `RejoinGroup` if the fence is not ours. */
async function arrive(
  { fences }: InboxOptions,
  session: SqlSession,
  set: DeliveredSet,
  fence: Fence,
  now: Date,
): Promise<{ readonly parked: readonly number[]; readonly fresh: ReadonlySet<number> }> {
  const { name } = set[0].consumer.contract;
  const [row] = await session.query<ArrivedSet>(ARRIVE_SET, [
    fence.topic,
    set.map(({ parkingKey }) => parkingKey),
    set.map(({ received }) => received.id),
    set.map(({ received }) => received.scope),
    name,
    deadName(name),
    now,
    ...fences.values(fence),
  ]);
  if (row?.mine !== true) throw new RejoinGroup(fence.topic, fence.partition);
  return { parked: row.parked.toSorted((left, right) => left - right), fresh: new Set(row.fresh) };
}
