import type { MessagingOptions } from '@atlas/runtime/internal/messaging';

const nothing = (): void => undefined;

export const SILENT: MessagingOptions['log'] = {
  debug: nothing,
  info: nothing,
  warn: nothing,
  error: nothing,
  child: () => SILENT,
};

export const CLOCK: MessagingOptions['clock'] = {
  now: () => new Date(),
  monotonic: () => performance.now(),
  sleep: (ms, signal) =>
    new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      signal?.addEventListener('abort', () => {
        clearTimeout(timer);
        resolve();
      });
    }),
};

/** Counts events, and says when a number is reached. */
export interface Tally {
  readonly add: (by: number) => void;
  readonly count: () => number;
  /** Resolves when the count has grown by `more`. */
  readonly after: (more: number) => Promise<void>;
}

export function tally(): Tally {
  let count = 0;
  const waiting = new Map<() => void, number>();
  return {
    add: (by) => {
      count += by;
      for (const [reached, goal] of waiting) {
        if (count < goal) continue;
        waiting.delete(reached);
        reached();
      }
    },
    count: () => count,
    after: (more) => new Promise((resolve) => waiting.set(resolve, count + more)),
  };
}

/** Metrics that count in one counter and ignore everything else. */
export function counting(counter: string): Omit<Tally, 'add'> & { readonly metrics: MessagingOptions['metrics'] } {
  const { add, after, count } = tally();
  return {
    metrics: {
      counter: (name) => ({ add: (by = 1) => (name === counter ? add(by) : undefined) }),
      gauge: () => ({ set: nothing }),
      histogram: () => ({ series: () => ({ observe: nothing }) }),
    },
    after,
    count,
  };
}
