/** The relay's one lease of a database. Times in milliseconds. */
export const LEASE = { ttlMs: 3_000, renewMs: 1_000, askMs: 1_000, retryMs: 250 } as const;

/** What an instance knows of the lease. The database's clock decides who has it; `until` is how long this one may rely on it. */
export interface LeaseState {
  /** Undefined while another instance has it, or nobody has answered. */
  readonly epoch: bigint | undefined;
  /** By this instance's clock, counted from before it asked, so never later than the database's. */
  readonly until: number;
  readonly stopping: boolean;
}

export type LeaseInput =
  | { readonly kind: 'rested'; readonly now: number }
  | { readonly kind: 'granted'; readonly epoch: bigint; readonly askedAt: number }
  | { readonly kind: 'denied' }
  | { readonly kind: 'failed' }
  /** A statement that names the epoch has found another one. */
  | { readonly kind: 'lost' }
  | { readonly kind: 'stop' };

export type LeaseEffect =
  | { readonly kind: 'ask' }
  | { readonly kind: 'rest'; readonly ms: number }
  | { readonly kind: 'release'; readonly epoch: bigint };

export const NO_LEASE: LeaseState = { epoch: undefined, until: 0, stopping: false };

/**
 * Asks for the lease or renews it, well before it runs out; a standby asks so often that it takes over within `ttlMs + askMs`.
 * A database that does not answer takes nothing away before `until`.
 */
export function leaseStep(state: LeaseState, input: LeaseInput): readonly [LeaseState, readonly LeaseEffect[]] {
  switch (input.kind) {
    case 'rested':
      if (state.stopping) return [state, []];
      return [input.now < state.until ? state : { ...state, epoch: undefined }, [{ kind: 'ask' }]];
    case 'granted': {
      // the answer to a question asked before the stop: what was granted is given back
      if (state.stopping) return [{ ...state, epoch: undefined }, [{ kind: 'release', epoch: input.epoch }]];
      const until = input.askedAt + LEASE.ttlMs;
      return [{ ...state, epoch: input.epoch, until }, [{ kind: 'rest', ms: LEASE.renewMs }]];
    }
    case 'denied':
      return [{ ...state, epoch: undefined, until: 0 }, state.stopping ? [] : [{ kind: 'rest', ms: LEASE.askMs }]];
    case 'failed':
      return [state, state.stopping ? [] : [{ kind: 'rest', ms: LEASE.retryMs }]];
    case 'lost':
      return [{ ...state, epoch: undefined, until: 0 }, []];
    case 'stop': {
      const { epoch } = state;
      const stopped = { epoch: undefined, until: 0, stopping: true };
      return [stopped, epoch === undefined ? [] : [{ kind: 'release', epoch }]];
    }
  }
}

/** The epoch under which this instance may act right now. */
export function leads({ epoch, until }: LeaseState, now: number): bigint | undefined {
  return now < until ? epoch : undefined;
}
