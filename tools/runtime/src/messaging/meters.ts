import type { Metrics } from '../ports/metrics.ts';

/** What relay and consumer count; named once, where 3-runtime's operators look for it (docs/reference). */
export type Meters = ReturnType<typeof meters>;

export function meters(metrics: Metrics) {
  return {
    oldestAge: metrics.gauge('atlas_outbox_oldest_age_seconds', 'Age of the oldest event that is not published yet'),
    pending: metrics.gauge('atlas_outbox_pending', 'Events that are not published yet'),
    published: metrics.counter('atlas_outbox_published_total', 'Events acknowledged by the broker', ['topic']),
    leads: metrics.gauge('atlas_relay_leads', '1 on the instance whose relay holds the lease'),
    applied: metrics.counter('atlas_inbox_applied_total', 'Events that had their effect', ['consumer']),
    noop: metrics.counter(
      'atlas_inbox_noop_total',
      'Events that meant nothing in the state they found, among those applied',
      ['consumer', 'state'],
    ),
    duplicate: metrics.counter('atlas_inbox_duplicate_total', 'Copies of events that had no effect', ['consumer']),
    skipped: metrics.counter('atlas_inbox_skipped_total', 'Events of types that this service does not read', ['topic']),
    fenced: metrics.counter('atlas_inbox_fenced_total', 'Transactions given up because the partition has a new owner'),
    parkedKeys: metrics.gauge('atlas_parked_keys', 'Keys whose events wait', ['state']),
    dead: metrics.counter('atlas_dead_letters_total', 'Events that gave up', ['reason']),
    sequence: metrics.counter('atlas_sequence_broken_total', 'Gaps and steps back in ce_sequence', ['topic', 'kind']),
  };
}

/** Counts an event that was applied, and whether it was a no-op. */
export function countEffect(
  { applied, noop }: Meters,
  consumer: string,
  effect: { readonly noop?: string | undefined },
): void {
  applied.add(1, { consumer });
  if (effect.noop !== undefined) noop.add(1, { consumer, state: effect.noop });
}
