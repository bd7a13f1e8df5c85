import { checkEmits, toOutboxRecords } from '../outbox/record.ts';
import { failpoint } from '../failpoint.ts';
import { flush } from '../outbox/flush.ts';
import type { Ctx } from '../contract/handler.ts';
import type { SqlSession } from '../ports/sql.ts';
import type { InboxOptions } from './options.ts';
import { metaOf, type Delivery } from './delivery.ts';

/** What a handler did. */
export interface Handled {
  /** True if there are events to publish. */
  readonly events: boolean;
  /** If the handler says that the message changes nothing: the state that it met. */
  readonly noop: string | undefined;
}

/** Runs the handler and writes its events to the outbox, in the caller's transaction. */
export async function runHandler(
  { contract, txOf }: Pick<InboxOptions, 'contract' | 'txOf'>,
  session: SqlSession,
  delivery: Delivery,
  { data, ctx, attempt }: { readonly data: unknown; readonly ctx: Ctx; readonly attempt: number },
): Promise<Handled> {
  const { consumer, received } = delivery;
  failpoint('after-inbox-insert');
  const { events, noop } = await consumer.handle({ data, meta: metaOf(delivery, attempt), ctx }, txOf(session));
  checkEmits(consumer.contract.emits, events);
  const records = toOutboxRecords(contract.messages, events, {
    correlationId: received.correlationId,
    causationId: received.id,
    actorId: received.actorId ?? null,
    traceparent: received.traceparent ?? null,
    occurredAt: ctx.now,
    newId: ctx.newId,
  });
  await flush(session, { records });
  return { events: records.length > 0, noop };
}
