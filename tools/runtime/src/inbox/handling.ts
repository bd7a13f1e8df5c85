import { AtlasError } from '../contract/atlasError.ts';
import type { Ctx, Tx } from '../contract/handler.ts';
import type { AnyEventResult } from '../contract/service.ts';
import { failpoint } from '../failpoint.ts';
import { checkEmits, toOutboxRecords, type OutboxRecord } from '../outbox/record.ts';
import { type Written, writtenOf } from '../outbox/written.ts';
import type { BoundStatement, SqlSession } from '../ports/sql.ts';
import { handlerWithin } from '../time/within.ts';
import { timerStatements, toTimerRows, type TimerRow } from '../timers/changes.ts';
import { isListOf } from '../typeGuards.ts';
import { metaOf, type Consumer, type Delivery } from './delivery.ts';
import type { InboxOptions } from './options.ts';

/** An event that goes to its handler, in its first or a later try. */
export interface Decoded {
  readonly delivery: Delivery;
  readonly data: unknown;
  readonly attempt: number;
}

/** What a handler did. */
export interface Handled {
  /** The statements that write its timers and effects. */
  readonly before: readonly BoundStatement[];
  /** Its events, for the outbox. */
  readonly records: readonly OutboxRecord[];
  readonly written: Written;
  /** By message: the state that the handler met, if it says that the message changed nothing. */
  readonly noops: readonly (string | undefined)[];
}

/** A transaction in which no handler ran. */
export const NOT_HANDLED: Handled = { before: [], records: [], written: writtenOf([], []), noops: [] };

/**
 * Runs the handler in the caller's transaction, which flushes its timers and events. All messages have the same
 * consumer; there are several only if it gets sets. Throws ATLAS_HANDLER_TIMEOUT if the handler takes too long. It may
 * still be running then, but the store refuses its statements.
 */
export async function runHandler(
  { contract, txOf, handlerMs }: Pick<InboxOptions, 'contract' | 'txOf' | 'handlerMs'>,
  session: SqlSession,
  messages: readonly [Decoded, ...Decoded[]],
  ctx: Ctx,
): Promise<Handled> {
  const { consumer } = messages[0].delivery;
  failpoint('after-inbox-insert');
  const answers = await handlerWithin(
    consumer.contract.name,
    handlerMs,
    answersOf(consumer, messages, ctx, txOf(session)),
  );
  const records: OutboxRecord[] = [];
  const changes: (readonly TimerRow[])[] = [];
  for (const [index, { delivery }] of messages.entries()) {
    const result = answers[index] ?? NO_EVENTS;
    checkEmits(consumer.contract.emits, result.events);
    const { received } = delivery;
    const origin = {
      correlationId: received.correlationId,
      causationId: received.id,
      actorId: received.actorId ?? null,
      traceparent: received.traceparent ?? null,
      occurredAt: ctx.now,
      newId: ctx.newId,
    };
    records.push(...toOutboxRecords(contract.messages, result.events, origin));
    changes.push(toTimerRows(contract, result, origin));
  }
  const timers = changes.flat();
  // of effects a statement per message, because an effect starts only if none of its key is there
  const before = timers.some(({ kind }) => kind === 'effect')
    ? changes.flatMap((ofMessage) => timerStatements(ofMessage))
    : timerStatements(timers);
  return { before, records, written: writtenOf(records, timers), noops: answers.map(({ noop }) => noop) };
}

const NO_EVENTS: AnyEventResult = { events: [] };

/** One answer per message. Throws ATLAS_HANDLER if the handler gives more or fewer. */
async function answersOf(
  { contract, handle }: Consumer,
  messages: readonly [Decoded, ...Decoded[]],
  ctx: Ctx,
  tx: Tx,
): Promise<readonly AnyEventResult[]> {
  const { name, batch } = contract;
  if (!batch) {
    const [{ delivery, data, attempt }] = messages;
    const answer = await handle({ data, meta: metaOf(delivery, attempt), ctx }, tx);
    if (!isListOf(answer)) return [answer];
    throw new AtlasError('ATLAS_HANDLER', `${name} returned a list: a handler of one event returns one result`);
  }
  const { now, newId } = ctx;
  const set = messages.map(({ delivery, data, attempt }) => ({
    type: delivery.consumer.contract.message.name,
    data,
    meta: metaOf(delivery, attempt),
  }));
  const answers = await handle({ messages: set, ctx: { now, newId } }, tx);
  if (isListOf(answers) && answers.length === set.length) return answers;
  const got = isListOf(answers) ? String(answers.length) : 'no list';
  throw new AtlasError('ATLAS_HANDLER', `${name} must return one result per message: ${got} instead of ${set.length}`);
}
