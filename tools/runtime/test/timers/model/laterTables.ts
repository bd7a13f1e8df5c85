import type { TriedEffect } from '../../../src/timers/step.ts';

export type Kind = 'timer' | 'effect';

/** How the work fails, and how many more times. A payload that can't be decoded always fails. */
export interface Trouble {
  readonly kind: 'failed' | 'slow' | 'undecodable';
  readonly times: number;
}

export const NO_TROUBLE: Trouble = { kind: 'failed', times: 0 };

export type Then = 'nothing' | 'again' | 'start';

/** A timer that was set or an effect that was started, and what happened to it. */
export interface Asked {
  readonly kind: Kind;
  readonly key: string;
  /** The id of its row; for an effect, also the idempotency key. */
  readonly id: number;
  became: 'open' | 'replaced' | 'cancelled' | 'done' | 'dead';
  trouble: Trouble;
  /** What its handler also does: sets the timer again, or starts an effect with the same key. */
  readonly then: Then;
  /** How many tries failed by its own fault. */
  failed: number;
  /** How many dead letters it has. */
  letters: number;
}

/** A row of `atlas_timer`. Times are in milliseconds by the database's clock. */
export interface Row {
  readonly asked: Asked;
  readonly id: number;
  readonly dueAt: number;
  readonly setAt: number;
  readonly nextAt: number;
  readonly tries: number;
  readonly held: boolean;
  readonly claim: { readonly id: number; readonly until: number } | undefined;
}

/** A row as its claim has read it. */
export interface Claimed extends Row {
  readonly claim: NonNullable<Row['claim']>;
  readonly claimedAt: number;
}

/**
 * `atlas_timer` and the dead letters in memory. Each method is a transaction or a statement, and does what the SQL
 * does. It throws if a timer or an effect is wrongly done or given up.
 */
export class LaterTables {
  readonly asked: Asked[] = [];
  readonly rows = new Map<string, Row>();
  /** The clock of the database. */
  now = 0;
  #claims = 0;

  /** Sets a timer, or moves the one that exists. */
  set(key: string, inMs: number, trouble: Trouble, then: Then): void {
    this.#become(key, 'timer', 'replaced');
    this.#insert('timer', key, this.now + inMs, trouble, then);
  }

  cancel(key: string): void {
    this.#become(key, 'timer', 'cancelled');
    this.rows.delete(nameOf('timer', key));
  }

  /** Starts an effect. One that exists stays as it is, unless it is held: then it continues under its old id. */
  start(key: string, trouble: Trouble): void {
    const row = this.rows.get(nameOf('effect', key));
    if (!row) this.#insert('effect', key, this.now, trouble, 'nothing');
    else if (row.held) {
      Object.assign(row.asked, { became: 'open', trouble, failed: 0 });
      const { now } = this;
      this.#put({ ...row, dueAt: now, setAt: now, nextAt: now, tries: 0, held: false, claim: undefined });
    }
  }

  claim(kind: Kind, most: number, leaseMs: number): readonly Claimed[] {
    this.#claims += 1;
    const claim = { id: this.#claims, until: this.now + leaseMs };
    return this.due(kind)
      .slice(0, most)
      .map((row) => {
        this.#put({ ...row, claim });
        return { ...row, claim, claimedAt: this.now };
      });
  }

  /** Rows that may be claimed, in the order in which they are due. */
  due(kind: Kind): readonly Row[] {
    return this.waiting(kind)
      .filter((row) => freeAt(row) <= this.now)
      .toSorted((one, other) => one.nextAt - other.nextAt);
  }

  /** Milliseconds until the next row may be claimed. */
  untilNext(kind: Kind): number | undefined {
    const times = this.waiting(kind).map(freeAt);
    return times.length === 0 ? undefined : Math.min(...times) - this.now;
  }

  release(claim: number): void {
    for (const row of this.rows.values()) if (row.claim?.id === claim) this.#put({ ...row, claim: undefined });
  }

  /**
   * Removes rows in the transaction of their work. Returns false, without any effect, if one of them is not as claimed.
   */
  finish(rows: readonly Claimed[]): boolean {
    if (!rows.every((row) => this.#mine(row))) return false;
    for (const { asked, claimedAt, dueAt } of rows) {
      if (asked.became !== 'open')
        throw new Error(`${nameOf(asked.kind, asked.key)} is done, but it was ${asked.became}`);
      if (claimedAt < dueAt) throw new Error(`${asked.key} fires before it is due`);
      asked.became = 'done';
      this.rows.delete(nameOf(asked.kind, asked.key));
    }
    for (const { asked } of rows) {
      if (asked.then === 'again') this.set(asked.key, 0, NO_TROUBLE, 'nothing');
      if (asked.then === 'start') this.start(asked.key, NO_TROUBLE);
    }
    return true;
  }

  retryLater(row: Claimed, { tries, ms }: Extract<TriedEffect, { kind: 'retryLater' }>): void {
    const mine = this.#mine(row);
    if (mine) this.#put({ ...mine, tries, nextAt: Math.max(mine.dueAt, this.now + ms), claim: undefined });
  }

  /** Returns false, without any effect, if the row is not as claimed. */
  giveUp(
    row: Claimed,
    { row: then, reason, tries }: Extract<TriedEffect, { kind: 'giveUp' }>,
    retries: number,
  ): boolean {
    const mine = this.#mine(row);
    if (!mine) return false;
    const { asked } = mine;
    if (reason === 'failed' ? asked.failed <= retries : asked.trouble.kind !== 'undecodable')
      throw new Error(`${asked.key} is given up as ${reason}, after ${asked.failed} tries`);
    if (asked.became !== 'open') throw new Error(`${asked.key} is given up, but it was ${asked.became}`);
    asked.became = 'dead';
    asked.letters += 1;
    if (then === 'hold') this.#put({ ...mine, tries, held: true, claim: undefined });
    else this.rows.delete(nameOf(asked.kind, asked.key));
    return true;
  }

  /** Rows that are not held. */
  waiting(kind?: Kind): readonly Row[] {
    return [...this.rows.values()].filter(({ asked, held }) => (!kind || asked.kind === kind) && !held);
  }

  #insert(kind: Kind, key: string, dueAt: number, trouble: Trouble, then: Then): void {
    const id = this.asked.length;
    const asked: Asked = { kind, key, id, became: 'open', trouble, then, failed: 0, letters: 0 };
    const { now } = this;
    this.asked.push(asked);
    const nextAt = Math.max(dueAt, now);
    this.#put({ asked, id, dueAt, setAt: now, nextAt, tries: 0, held: false, claim: undefined });
  }

  #become(key: string, kind: Kind, became: 'replaced' | 'cancelled'): void {
    const asked = this.rows.get(nameOf(kind, key))?.asked;
    if (asked?.became === 'open') asked.became = became;
  }

  /** The current row, if it is still as claimed. */
  #mine({ id, asked, claim }: Claimed): Row | undefined {
    const now = this.rows.get(nameOf(asked.kind, asked.key));
    return now?.id === id && now.claim?.id === claim.id ? now : undefined;
  }

  #put(row: Row): void {
    this.rows.set(nameOf(row.asked.kind, row.asked.key), row);
  }
}

function nameOf(kind: Kind, key: string): string {
  return `${kind} ${key}`;
}

/** When a row may be claimed. */
export function freeAt({ nextAt, claim }: Row): number {
  return Math.max(nextAt, claim?.until ?? 0);
}
