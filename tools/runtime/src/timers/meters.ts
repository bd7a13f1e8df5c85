import type { ServiceContract } from '../contract/service.ts';
import { DEATH_REASONS } from '../inbox/step.ts';
import type { Counter, Metrics } from '../ports/metrics.ts';

type Later = Pick<ServiceContract, 'timers' | 'effects'>;

/** What is counted about timers and effects. Operators find the names in docs and dashboards. */
export type TimerMeters = ReturnType<typeof timerMeters>;

/** Begins all series with 0, because Prometheus sees no increase in the first value of a new series. */
export function beginAtZero(meters: TimerMeters, { timers = [], effects = [] }: Later): void {
  const all = [
    ...timers.map(({ name }) => ({ kind: 'timer', name })),
    ...effects.map(({ name }) => ({ kind: 'effect', name })),
  ];
  for (const labels of all) for (const one of [meters.fired, meters.failed, meters.gone]) one.add(0, labels);
  for (const reason of DEATH_REASONS) meters.dead.add(0, { reason });
}

/** `dead` is the outbox's counter of dead letters. */
export function timerMeters(metrics: Metrics, dead: Counter) {
  const labels = ['kind', 'name'];
  return {
    fired: metrics.counter('atlas_timer_fired_total', 'Timers that fired, effects that were settled', labels),
    failed: metrics.counter('atlas_timer_failed_total', 'Failed tries of timers and effects', labels),
    gone: metrics.counter('atlas_timer_gone_total', 'Timers that were cancelled or moved while they fired', labels),
    noop: metrics.counter(
      'atlas_timer_noop_total',
      'Timers and effects that changed nothing, by the state that they met',
      [...labels, 'state'],
    ),
    waiting: metrics.gauge('atlas_timer_waiting', 'Timers and effects by state', ['kind', 'state']),
    due: metrics.gauge('atlas_timer_due', 'Timers and effects that are due', ['kind']),
    late: metrics.gauge('atlas_timer_late_seconds', 'For how long the oldest one has been due', ['kind']),
    dead,
  };
}
