import type { Metrics } from '../ports/metrics.ts';

/**
 * How a try of a call ended. `answered`: with an answer. `failed`: without one, or with one that says that the system
 * fails. `unsent`: nothing was sent.
 */
export type Ending = 'answered' | 'failed' | 'unsent';
const ENDINGS: readonly Ending[] = ['answered', 'failed', 'unsent'];

/** Receives how the calls of one client end. */
export interface Watch {
  tried(ending: Ending): void;
  breaker(isOpen: boolean): void;
}

/** The clients of this process, and whether their breakers are open. Services make them before they have metrics. */
const clients = new Map<string, { isOpen: boolean }>();
const listeners = new Set<(client: string, ending: Ending) => void>();

/** Clients with the same name are counted as one. */
export function watchOf(client: string): Watch {
  const state = clients.get(client) ?? { isOpen: false };
  clients.set(client, state);
  return {
    tried: (ending) => {
      for (const heard of listeners) heard(client, ending);
    },
    breaker: (isOpen) => {
      state.isOpen = isOpen;
    },
  };
}

/** Measures the calls of all clients of this process until the returned function is called. */
export function measureForeign(metrics: Metrics): () => void {
  const tries = metrics.counter(
    'atlas_foreign_tries_total',
    'Tries of calls to outside systems: answered, failed, or unsent because the breaker was open',
    ['client', 'outcome'],
  );
  for (const client of clients.keys()) for (const outcome of ENDINGS) tries.add(0, { client, outcome });
  metrics.gauge(
    'atlas_foreign_breaker_open',
    'Whether the last calls to an outside system failed, so that it is not called for a while',
    ['client'],
    (gauge) => {
      for (const [client, { isOpen }] of clients) gauge.set(isOpen ? 1 : 0, { client });
    },
  );
  const heard = (client: string, outcome: Ending): void => tries.add(1, { client, outcome });
  listeners.add(heard);
  return () => listeners.delete(heard);
}
