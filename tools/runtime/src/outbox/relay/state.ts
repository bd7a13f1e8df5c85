/** An outbox row with what the relay needs to decide about it. The driver's rows carry the content as well. */
export interface RelayRow {
  readonly id: bigint;
  readonly topic: string;
  /** Undefined if the channel has no key. */
  readonly key: string | undefined;
  readonly partition: number;
  /** The name of the schema that it was written with. Undefined for a dead letter, whose bytes are sent as they are. */
  readonly schema: string | undefined;
  /** True for a dead letter that can be sent without its bytes. */
  readonly shortenable: boolean;
  /** An estimate of its bytes on the wire. */
  readonly bytes: number;
}

/** Why rows wait. */
export interface Trouble {
  readonly reason: string;
  /** True if somebody has to act, so readiness fails. False if waiting is enough. */
  readonly lasting: boolean;
}

/**
 * What can't be sent now, by topic and by schema. The rows of such a schema wait and hold later rows of their keys;
 * other keys of the topic go on.
 */
export interface Troubles<T extends Trouble = Trouble> {
  readonly topics: ReadonlyMap<string, T>;
  readonly schemas: ReadonlyMap<string, T>;
}

export interface RelayState<Row extends RelayRow> {
  readonly stopping: boolean;
  /**
   * Whether the last claim began after the stop. An earlier one may miss rows that were committed just before the stop.
   */
  readonly claimedAfterStop: boolean;
  /** How many rows to claim. It grows while batches are full and light, and shrinks if they are heavy. */
  readonly limit: number;
  /** The length of the next sleep if there is nothing to do, in milliseconds. */
  readonly idleMs: number;
  /** Failures of broker or database in a row. */
  readonly failures: number;
  /** Rows of these topics and schemas are not claimed before `until`, in milliseconds of monotonic time. */
  readonly troubled: Troubles<Trouble & { readonly until: number }>;
  /** The claimed rows that are still to be sent, in this order. The first group is being sent. */
  readonly groups: readonly (readonly Row[])[];
  /** Acknowledged, but not deleted yet. */
  readonly sent: readonly Row[];
  /** Whether there are probably more rows to claim. */
  readonly more: boolean;
  /** How many rows were claimed lately, as of a monotonic time. A row counts less the older its claim is. */
  readonly recent: { readonly rows: number; readonly at: number };
}

export type RelayInput<Row extends RelayRow> =
  | { readonly kind: 'slept'; readonly now: number; readonly leads: boolean }
  /** `trouble` names the topics and schemas of the rows that can't be sent now, and why. */
  | {
      readonly kind: 'claimed';
      readonly now: number;
      readonly rows: readonly Row[];
      readonly trouble: Troubles;
    }
  | { readonly kind: 'sent' }
  /** The broker will never take these rows as they are. */
  | { readonly kind: 'refused'; readonly now: number; readonly about: 'topic' | 'record'; readonly reason: string }
  /** Any other failure to send. The rows may have arrived or not. */
  | { readonly kind: 'unsent' }
  | { readonly kind: 'deleted' }
  | { readonly kind: 'markedDead' }
  | { readonly kind: 'shortened' }
  /** The lease has another epoch: nothing was deleted or marked. */
  | { readonly kind: 'fenced' }
  /** The database is unavailable or refused the statement. */
  | { readonly kind: 'failed' }
  /** Publish what is waiting, then end. May come at any time. */
  | { readonly kind: 'stop' };

export type RelayEffect<Row extends RelayRow> =
  /** `stop` ends it early, and so does the wake after a commit if it is wakeable. */
  | { readonly kind: 'sleep'; readonly ms: number; readonly wakeable: boolean }
  /**
   * Reads the oldest rows, except those of some topics, those of some schemas and later ones of their keys, and those
   * behind a dead row of their key. One snapshot must show both rows and dead rows. With two snapshots, a relay that
   * does not know that it has lost its lease could see the second row of a key after another relay has moved the first
   * one to the dead rows.
   */
  | {
      readonly kind: 'claim';
      readonly limit: number;
      readonly exceptTopics: readonly string[];
      readonly exceptSchemas: readonly string[];
    }
  | { readonly kind: 'send'; readonly rows: readonly Row[] }
  | { readonly kind: 'delete'; readonly rows: readonly Row[] }
  /** Moves the row to `atlas_dead`. Later rows of its key wait. */
  | { readonly kind: 'markDead'; readonly row: Row; readonly reason: string }
  /** Takes the bytes out of a dead letter: they are in `atlas_dead`, and the letter says where. */
  | { readonly kind: 'shorten'; readonly row: Row; readonly reason: string }
  | { readonly kind: 'end' };
