import { sql } from 'slonik';
import { rows, slonikOf } from '../../src/adapters/slonik/index.ts';
import type { Tx } from '../../src/contract/handler.ts';
import type { ConsumerContract } from '../../src/contract/message.ts';
import type { AnyEventHandler, AnyEventInput, AnyEventResult, AnySetInput } from '../../src/contract/service.ts';
import { seatOf, type Handle } from './tickets.ts';

/** A handler that writes the seat to the hall's table and returns an event. */
export async function takeSeat({ data }: AnyEventInput, tx: Tx): Promise<AnyEventResult> {
  const { showId, seat } = seatOf(data);
  await slonikOf(tx).query(
    sql.prepared('take_seat', rows<never>())`INSERT INTO effect (show_id, seat) VALUES (${showId}, ${seat})`,
  );
  return { events: [{ type: 'DoorOpened', data: { showId, seat } }] };
}

/** How a handler gets its events. */
export const FORMS = ['one by one', 'in sets'] as const;
export type Form = (typeof FORMS)[number];

/** The contract and the handler of a consumer in a form. In sets, `handle` runs for one message after the other. */
export function inForm(
  form: Form,
  contract: ConsumerContract<unknown>,
  handle: Handle,
): { readonly contract: ConsumerContract<unknown>; readonly handle: AnyEventHandler['handle'] } {
  if (form === 'one by one') return { contract, handle };
  return {
    contract: { ...contract, batch: { max: 500 } },
    handle: async (input: AnySetInput, tx) => {
      const answers: AnyEventResult[] = [];
      for (const { data, meta } of input.messages) {
        const { correlationId, actorId } = meta;
        const actor = { id: actorId ?? 'anonymous', roles: [] };
        const isAlone = input.messages.length === 1;
        answers.push(await handle({ data, meta, ctx: { ...input.ctx, actor, correlationId }, isAlone }, tx));
      }
      return answers;
    },
  };
}
