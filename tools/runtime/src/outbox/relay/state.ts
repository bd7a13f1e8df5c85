/** An outbox row as the relay decides about it; the driver's rows carry what is sent besides. */
export interface RelayRow {
  readonly id: bigint;
  readonly topic: string;
  /** Undefined on a channel without key. */
  readonly key: string | undefined;
  readonly partition: number;
  /** About what it takes on the wire. */
  readonly bytes: number;
}

/** Why the rows of a topic wait. */
export interface Trouble {
  readonly reason: string;
  /** Somebody has to do something about it: readiness fails. Otherwise waiting is enough. */
  readonly lasting: boolean;
}

export interface RelayState<Row extends RelayRow> {
  readonly stopping: boolean;
  /** Whether the last claim was asked for after the stop: an earlier one may not see what was committed just before it. */
  readonly looked: boolean;
  /** How many rows to claim: grows while batches are full and light, shrinks where they are heavy. */
  readonly limit: number;
  /** Milliseconds of the next rest. */
  readonly restMs: number;
  /** In a row, of broker or database. */
  readonly failures: number;
  /** By topic; not looked at again before `until`, in milliseconds. */
  readonly troubled: ReadonlyMap<string, Trouble & { readonly until: number }>;
  /** What of the claimed rows is still to be sent, in this order; the first of them is under way. */
  readonly groups: readonly (readonly Row[])[];
  /** Acknowledged and not yet deleted. */
  readonly sent: readonly Row[];
  /** Whether more rows are likely there. */
  readonly more: boolean;
}

export type RelayInput<Row extends RelayRow> =
  | { readonly kind: 'rested'; readonly now: number; readonly leads: boolean }
  /** `trouble` names topics that can't be written right now, and why. */
  | {
      readonly kind: 'claimed';
      readonly now: number;
      readonly rows: readonly Row[];
      readonly trouble: ReadonlyMap<string, Trouble>;
    }
  | { readonly kind: 'sent' }
  /** The broker said no for a reason that waiting doesn't heal. */
  | { readonly kind: 'refused'; readonly now: number; readonly about: 'topic' | 'record'; readonly reason: string }
  /** Anything else went wrong; the rows may have arrived or not. */
  | { readonly kind: 'unsent' }
  | { readonly kind: 'deleted' }
  | { readonly kind: 'buried' }
  /** The lease has another epoch: nothing was deleted or buried. */
  | { readonly kind: 'fenced' }
  /** The database did not do what was asked. */
  | { readonly kind: 'failed' }
  /** Publish what is there, then end. May come at any time. */
  | { readonly kind: 'stop' };

export type RelayEffect<Row extends RelayRow> =
  /** Cut short by a commit's wake where `wakes`, and by `stop` always. */
  | { readonly kind: 'rest'; readonly ms: number; readonly wakes: boolean }
  /**
   * The oldest rows but those of these topics and those behind a dead row of their key. Rows and dead rows have to be looked at in
   * one snapshot: a relay that has not heard of its successor would else find a key whose first row is just gone.
   */
  | { readonly kind: 'claim'; readonly limit: number; readonly without: readonly string[] }
  | { readonly kind: 'send'; readonly rows: readonly Row[] }
  | { readonly kind: 'delete'; readonly rows: readonly Row[] }
  | { readonly kind: 'bury'; readonly row: Row; readonly reason: string }
  | { readonly kind: 'end' };
