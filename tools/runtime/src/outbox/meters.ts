import type { Metrics } from '../ports/metrics.ts';

/** What is counted on an event's way from the outbox to its topic. Operators find the names in docs and dashboards. */
export type OutboxMeters = ReturnType<typeof outboxMeters>;

export function outboxMeters(metrics: Metrics) {
  return {
    published: metrics.counter('atlas_outbox_published_total', 'Events acknowledged by the broker', ['topic']),
    trouble: metrics.gauge(
      'atlas_relay_trouble',
      '1 while events of this type, or of the whole topic if the type is empty, cannot be sent',
      ['topic', 'type'],
    ),
    leads: metrics.gauge('atlas_relay_leads', '1 on the instance whose relay holds the lease'),
    /** Counted by the inbox as well. */
    dead: metrics.counter('atlas_dead_letters_total', 'Events that were given up', ['reason']),
  };
}
