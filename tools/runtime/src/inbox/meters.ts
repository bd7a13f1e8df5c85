import type { ConsumerContract } from '../contract/message.ts';
import type { Counter, Metrics } from '../ports/metrics.ts';
import { MISMATCHES } from './resumption.ts';
import { SPLITS } from './sets/step.ts';
import { DEATH_REASONS } from './step.ts';

/**
 * What is counted on an event's way from its topic through a consumer. Operators find the names in docs and dashboards.
 */
export type InboxMeters = ReturnType<typeof inboxMeters>;

const SET_SIZES = [1, 2, 5, 10, 25, 50, 100, 250, 500, 1_000];

/** `dead` is the outbox's counter of dead letters, which both sides use. */
export function inboxMeters(metrics: Metrics, dead: Counter) {
  return {
    applied: metrics.counter('atlas_inbox_applied_total', 'Events that took effect', ['consumer']),
    noop: metrics.counter('atlas_inbox_noop_total', 'Applied events that changed nothing, by the state that they met', [
      'consumer',
      'state',
    ]),
    duplicate: metrics.counter('atlas_inbox_duplicate_total', 'Copies of events, which had no effect', ['consumer']),
    skipped: metrics.counter('atlas_inbox_skipped_total', 'Events of types that this service does not consume', [
      'topic',
    ]),
    setEvents: metrics.histogram(
      'atlas_inbox_set_events',
      'Events that were consumed together in one transaction, of consumers that get sets',
      ['consumer'],
      SET_SIZES,
    ),
    split: metrics.counter('atlas_inbox_set_split_total', 'Sets that were split, by reason', ['consumer', 'reason']),
    unknownSchema: metrics.counter(
      'atlas_inbox_unknown_schema_total',
      'Events whose key was parked because the registry did not know their schema',
      ['consumer'],
    ),
    orphaned: metrics.counter(
      'atlas_parked_without_consumer_total',
      'Tries of parked events whose consumer this version of the service does not have',
    ),
    fenced: metrics.counter(
      'atlas_inbox_fenced_total',
      'Transactions rolled back because the partition has a new owner',
    ),
    dead,
    offsets: metrics.counter(
      'atlas_consumer_offset_mismatch_total',
      'Partitions whose offset in the database does not belong to that in Kafka, by kind',
      ['topic', 'kind'],
    ),
    lag: metrics.gauge(
      'atlas_consumer_lag',
      'Records that are not consumed yet, on the instance that has the partition',
      ['topic', 'partition'],
    ),
    oldestUnread: metrics.gauge(
      'atlas_consumer_oldest_unread_age_seconds',
      'Age of the oldest record that is not consumed yet, on the instance that has the partition',
      ['topic', 'partition'],
    ),
    sequence: metrics.counter('atlas_sequence_broken_total', 'Gaps and steps back in ce_sequence', ['topic', 'kind']),
  };
}

/** Begins all series with 0, because Prometheus sees no increase in the first value of a new series. */
export function beginAtZero(meters: InboxMeters, consumers: readonly ConsumerContract<unknown>[]): void {
  for (const { name: consumer, batch } of consumers) {
    if (batch) for (const reason of SPLITS) meters.split.add(0, { consumer, reason });
    meters.applied.add(0, { consumer });
    meters.duplicate.add(0, { consumer });
    meters.unknownSchema.add(0, { consumer });
  }
  for (const topic of new Set(consumers.map(({ message }) => message.topic))) {
    meters.skipped.add(0, { topic });
    for (const kind of MISMATCHES) meters.offsets.add(0, { topic, kind });
    for (const kind of ['gap', 'back']) meters.sequence.add(0, { topic, kind });
  }
  for (const reason of DEATH_REASONS) meters.dead.add(0, { reason });
}

/** Counts an event that was applied. If it changed nothing, `state` is the state that it met. */
export function countApplied({ applied, noop }: InboxMeters, consumer: string, state: string | undefined): void {
  applied.add(1, { consumer });
  if (state !== undefined) noop.add(1, { consumer, state });
}
