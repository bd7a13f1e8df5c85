import type { OnProviderEvent } from '@atlas/generated-billing';
import type { ProviderEventStore, Tx } from '../ports.ts';

/** A change that a handler may make to timers. */
export type TimerChange = NonNullable<OnProviderEvent.Result['timers']>[number];

/**
 * Stores an event of the provider once, and sets a timer that handles it at once in a transaction of its own. Empty if
 * the event is known already.
 */
export async function noteProviderEvent(
  providerEvents: ProviderEventStore,
  tx: Tx,
  now: Date,
  event: OnProviderEvent.Input['data'],
): Promise<readonly TimerChange[]> {
  const { provider, eventId } = event;
  if (!(await providerEvents.insert(tx, { provider, eventId, receivedAt: now }))) return [];
  return [{ set: 'providerEvent', key: `${provider}/${eventId}`, at: now, data: event }];
}
