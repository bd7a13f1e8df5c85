/** The times of the relay's lease, in milliseconds. A database has one lease. */
export const LEASE = { ttlMs: 3_000, renewMs: 1_000, askMs: 1_000, retryMs: 250 } as const;

/** What an instance knows about the lease. The database's clock decides who holds it. */
export interface LeaseState {
  /** Undefined while another instance holds the lease or the database has not answered yet. */
  readonly epoch: bigint | undefined;
  /**
   * Until when this instance may rely on the lease, in milliseconds of its own monotonic time. Counted from before it
   * asked, so that it ends before the lease in the database.
   */
  readonly until: number;
  readonly stopping: boolean;
}

export type LeaseInput =
  | { readonly kind: 'slept'; readonly now: number }
  | { readonly kind: 'granted'; readonly epoch: bigint; readonly askedAt: number }
  | { readonly kind: 'denied' }
  | { readonly kind: 'failed' }
  /** A statement has found another epoch than this instance's. */
  | { readonly kind: 'lost' }
  | { readonly kind: 'stop' };

export type LeaseEffect =
  | { readonly kind: 'ask' }
  | { readonly kind: 'sleep'; readonly ms: number }
  | { readonly kind: 'release'; readonly epoch: bigint };

export const NO_LEASE: LeaseState = { epoch: undefined, until: 0, stopping: false };

/**
 * Decides when to ask for the lease and when to renew it, well before it expires. A standby takes over within
 * `ttlMs + askMs`. If the database does not answer, this instance keeps the lease until `until`.
 */
export function leaseStep(state: LeaseState, input: LeaseInput): readonly [LeaseState, readonly LeaseEffect[]] {
  switch (input.kind) {
    case 'slept':
      if (state.stopping) return [state, []];
      return [input.now < state.until ? state : { ...state, epoch: undefined }, [{ kind: 'ask' }]];
    case 'granted': {
      // the lease was asked for before the stop, so it is given back
      if (state.stopping) return [{ ...state, epoch: undefined }, [{ kind: 'release', epoch: input.epoch }]];
      const until = input.askedAt + LEASE.ttlMs;
      return [{ ...state, epoch: input.epoch, until }, [{ kind: 'sleep', ms: LEASE.renewMs }]];
    }
    case 'denied':
      return [{ ...state, epoch: undefined, until: 0 }, state.stopping ? [] : [{ kind: 'sleep', ms: LEASE.askMs }]];
    case 'failed':
      return [state, state.stopping ? [] : [{ kind: 'sleep', ms: LEASE.retryMs }]];
    case 'lost':
      return [{ ...state, epoch: undefined, until: 0 }, []];
    case 'stop': {
      const { epoch } = state;
      const stopped = { epoch: undefined, until: 0, stopping: true };
      return [stopped, epoch === undefined ? [] : [{ kind: 'release', epoch }]];
    }
  }
}

/** The epoch under which this instance may act, undefined if it does not hold the lease at that time. */
export function epochAt({ epoch, until }: LeaseState, now: number): bigint | undefined {
  return now < until ? epoch : undefined;
}
