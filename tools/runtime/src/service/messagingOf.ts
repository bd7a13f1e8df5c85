import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { RunningMessaging } from './startMessaging.ts';
import type { Metrics } from '../ports/metrics.ts';
import type { ConsumerTable, EffectTable, ServiceContract, TimerTable } from '../contract/service.ts';
import { readOf, txOf } from '../adapters/slonik/session.ts';
import { type OwnGauge, ownGauges } from './ownGauges.ts';
import type { ServiceEnv } from './serviceEnv.ts';
import type { Stores } from './stores.ts';

export interface ServiceParts {
  readonly contract: ServiceContract;
  readonly env: ServiceEnv;
  readonly stores: Stores;
  readonly clock: Clock;
  readonly consumers: ConsumerTable;
  readonly timers: TimerTable;
  readonly effects: EffectTable;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly gauges: readonly OwnGauge[];
}

/**
 * Relay, consumers, timers and effects of a service. A service that neither sends nor reads events and has no timers
 * has none of these, and loads no Kafka client.
 */
export async function messagingOf(parts: ServiceParts): Promise<RunningMessaging | undefined> {
  const { contract, env, stores, clock, consumers, timers, effects, log, metrics, gauges } = parts;
  const { messages, timers: known = [], effects: calls = [] } = contract;
  if ([...messages, ...contract.consumers, ...known, ...calls].length === 0) return undefined;
  const [{ startMessaging }, { kafkajsPort }, { registryPort }] = await Promise.all([
    import('./startMessaging.ts'),
    import('../adapters/kafkajs/index.ts'),
    import('../adapters/registry/index.ts'),
  ]);
  return startMessaging({
    contract,
    store: stores.consumers,
    relayStore: stores.relay,
    timerStore: stores.timers,
    watchStore: stores.watch,
    kafka: kafkajsPort({ ...env.kafka, clientId: contract.service, log }),
    registry: registryPort({ url: env.registryUrl }),
    clock,
    namespace: env.namespace,
    handlers: consumers,
    timers,
    effects,
    handlerMs: env.handlerMs,
    txOf,
    log,
    metrics,
    own: ownGauges(gauges, metrics, readOf),
  });
}
