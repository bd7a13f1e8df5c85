import { effectStep, SIDE_BY_SIDE, type EffectEffect } from '../../../src/effects/step.ts';
import {
  BEGIN_MS,
  CLAIMED_AT_ONCE,
  claimStart,
  claimStep,
  POLL_MS,
  timerStep,
  untilNextLook,
  type ClaimEffect,
  type ClaimInput,
  type ClaimState,
  type DueHead,
  type TimerEffect,
  type TriedEffect,
  type TriedInput,
} from '../../../src/timers/step.ts';
import {
  freeAt,
  LaterTables,
  NO_TROUBLE,
  type Asked,
  type Claimed,
  type Kind,
  type Then,
  type Trouble,
} from './laterTables.ts';

export const RETRY = { retries: 2, baseMs: 100, capMs: 1_000 } as const;

const LEASE_MS = { timer: BEGIN_MS + 10_000, effect: 20_000 } as const;
const KINDS = ['timer', 'effect'] as const;

/**
 * The outcome of an effect of the steps: done and reported; done, but the report is lost; not done; or not done, but
 * this is unknown.
 */
export type Outcome = 'done' | 'lost' | 'failed' | 'unknown';

/** What happens in a step of an instance. */
export interface Fate {
  readonly outcome: Outcome;
  /** How many rows of a shared transaction are fired before the time of the claim is up. */
  readonly count: number;
}

export type Action =
  | { readonly do: 'set'; readonly key: string; readonly inMs: number; readonly trouble: Trouble; readonly then: Then }
  /** Sets so many timers that they share transactions. */
  | { readonly do: 'setMany'; readonly keys: readonly string[] }
  | { readonly do: 'cancel'; readonly key: string }
  | { readonly do: 'start'; readonly key: string; readonly trouble: Trouble }
  /** An instance does one of the things that it may do next. */
  | ({ readonly do: 'step'; readonly instance: number; readonly pick: number } & Fate)
  | { readonly do: 'crash' | 'stop'; readonly instance: number }
  | { readonly do: 'pass'; readonly ms: number }
  /** The clock of the database jumps, forwards or backwards. */
  | { readonly do: 'jump'; readonly ms: number };

const UNDISTURBED: Fate = { outcome: 'done', count: Infinity };

type Work = (fate: Fate) => void;

interface Instance {
  stopping: boolean;
  /** When it next looks for rows that are due, by its own clock. */
  readonly looksAt: Record<Kind, number>;
  /** The timers that it has claimed. */
  claim: { readonly id: number; state: ClaimState<Claimed> } | undefined;
  /** Effects under way. */
  calls: number;
  /** What the steps have asked for. */
  readonly todo: Set<Work>;
}

/** Tables and outside in memory, and instances that run the production steps against them, one effect at a time. */
export class LaterWorld {
  readonly tables = new LaterTables();
  /** What the outside has done, by idempotency key. */
  readonly outside = new Set<number>();
  readonly #onDead: DueHead['retry']['onDead'];
  readonly #instances: Instance[];
  /** The clock of the instances. */
  #now = 0;

  constructor(instances: number, onDead: DueHead['retry']['onDead']) {
    this.#onDead = onDead;
    this.#instances = Array.from({ length: instances }, () => this.#fresh());
  }

  act(action: Action): void {
    switch (action.do) {
      case 'set':
        return this.tables.set(action.key, action.inMs, action.trouble, action.then);
      case 'setMany':
        for (const key of action.keys) this.tables.set(key, 0, NO_TROUBLE, 'nothing');
        return;
      case 'cancel':
        return this.tables.cancel(action.key);
      case 'start':
        return this.tables.start(action.key, action.trouble);
      case 'step':
        return this.#step(action.instance % this.#instances.length, action.pick, action);
      case 'crash':
        this.#instances[action.instance % this.#instances.length] = this.#fresh();
        return;
      case 'stop':
        return this.#stop(action.instance % this.#instances.length);
      case 'pass':
        return this.#pass(action.ms);
      case 'jump':
        this.tables.now += action.ms;
        return;
    }
  }

  /**
   * Ends all trouble: the instances stop, then one works undisturbed until nothing waits. Throws if an instance does
   * not stop, if something is due and the last one does not look for it, or if it never comes to rest.
   */
  recover(): void {
    for (const [index, instance] of this.#instances.entries()) {
      this.#stop(index);
      for (let turn = 0; this.#instances[index] === instance; turn++) {
        if (this.#possible(instance).length === 0) throw new Error('an instance does not stop');
        this.#step(index, turn, UNDISTURBED);
      }
    }
    const began = this.tables.now;
    for (let turn = 0; turn < 100_000; turn++) {
      const [instance] = this.#instances;
      if (!instance) return;
      const possible = this.#possible(instance);
      if (possible.length > 0) this.#step(0, turn, UNDISTURBED);
      else if (this.tables.waiting().length === 0) return;
      else {
        for (const row of this.tables.waiting())
          if (this.tables.now - Math.max(began, freeAt(row)) > POLL_MS) throw new Error(`${row.asked.key} is late`);
        this.#pass(Math.max(1, Math.min(...Object.values(instance.looksAt)) - this.#now));
      }
    }
    throw new Error('it never comes to rest');
  }

  #fresh(): Instance {
    const looksAt = { timer: this.#now, effect: this.#now };
    return { stopping: false, looksAt, claim: undefined, calls: 0, todo: new Set() };
  }

  #pass(ms: number): void {
    this.#now += ms;
    this.tables.now += ms;
  }

  #step(index: number, pick: number, fate: Fate): void {
    const instance = this.#instances[index];
    const possible = instance ? this.#possible(instance) : [];
    const work = possible[pick % possible.length];
    if (!instance || !work) return;
    instance.todo.delete(work);
    work(fate);
    if (instance.stopping) this.#restartIfIdle(index, instance);
  }

  #possible(instance: Instance): readonly Work[] {
    const looks = KINDS.filter((kind) => this.#mayLook(instance, kind));
    return [
      ...instance.todo,
      ...looks.map(
        (kind): Work =>
          (fate) =>
            this.#look(instance, kind, fate),
      ),
    ];
  }

  #mayLook({ stopping, looksAt, claim, calls }: Instance, kind: Kind): boolean {
    if (stopping || looksAt[kind] > this.#now) return false;
    return kind === 'timer' ? claim === undefined : calls < SIDE_BY_SIDE;
  }

  #stop(index: number): void {
    const instance = this.#instances[index];
    if (!instance || instance.stopping) return;
    instance.stopping = true;
    if (instance.claim) this.#claimNext(instance, { kind: 'stop' });
    this.#restartIfIdle(index, instance);
  }

  #restartIfIdle(index: number, { todo, claim }: Instance): void {
    if (todo.size === 0 && !claim) this.#instances[index] = this.#fresh();
  }

  #look(instance: Instance, kind: Kind, { outcome }: Fate): void {
    instance.looksAt[kind] = this.#now + POLL_MS;
    if (!happens(outcome)) return;
    const most = kind === 'timer' ? CLAIMED_AT_ONCE : SIDE_BY_SIDE - instance.calls;
    const rows = this.tables.claim(kind, most, LEASE_MS[kind]);
    // the rows are claimed, but the instance does not know it
    if (outcome === 'lost') return;
    const [first] = rows;
    if (kind === 'timer' && first) return this.#claimed(instance, first.claim.id, rows);
    for (const row of rows) this.#call(instance, row);
    const full = rows.length === most;
    instance.looksAt[kind] = this.#now + (full ? 0 : untilNextLook(this.tables.untilNext(kind)));
  }

  #claimed(instance: Instance, id: number, rows: readonly Claimed[]): void {
    const [state, effects] = claimStart(rows, { askedAt: this.#now, now: this.#now, stopping: false });
    instance.claim = { id, state };
    this.#ask(instance, effects);
  }

  #claimNext(instance: Instance, input: ClaimInput): void {
    if (!instance.claim) return;
    const [state, effects] = claimStep(instance.claim.state, input);
    instance.claim.state = state;
    this.#ask(instance, effects);
  }

  #ask(instance: Instance, effects: readonly ClaimEffect<Claimed>[]): void {
    for (const effect of effects)
      switch (effect.kind) {
        case 'share':
          instance.todo.add(({ outcome, count }) => {
            const rows = effect.rows.slice(0, count);
            const { kind } = this.#worked(rows, outcome, false);
            const now = this.#now;
            this.#claimNext(
              instance,
              kind === 'committed' ? { kind: 'shared', count: rows.length, now } : { kind: 'notShared', now },
            );
          });
          break;
        case 'try':
          this.#fire(instance, effect.row, timerStep(this.#headOf(effect.row), { kind: 'claimed' }, half));
          break;
        case 'release':
          instance.todo.add(({ outcome }) => {
            if (happens(outcome) && instance.claim) this.tables.release(instance.claim.id);
            this.#endClaim(instance);
          });
          break;
        case 'end':
          this.#endClaim(instance);
      }
  }

  #endClaim(instance: Instance): void {
    instance.claim = undefined;
    instance.looksAt.timer = this.#now + untilNextLook(this.tables.untilNext('timer'));
  }

  #fire(instance: Instance, row: Claimed, effect: TimerEffect): void {
    if (effect.kind === 'end') return this.#claimNext(instance, { kind: 'tried', now: this.#now });
    instance.todo.add(({ outcome }) => {
      const input = effect.kind === 'fire' ? this.#worked([row], outcome, true) : this.#follow(row, effect, outcome);
      this.#fire(instance, row, timerStep(this.#headOf(row), input, half));
    });
  }

  #call(instance: Instance, row: Claimed): void {
    instance.calls += 1;
    const head = this.#headOf(row);
    const next = (effect: EffectEffect<number>): void => {
      if (effect.kind === 'end') {
        instance.calls -= 1;
        instance.looksAt.effect = this.#now;
        return;
      }
      instance.todo.add(({ outcome }) =>
        next(effectStep<number>(head, this.#performed(instance, row, effect, outcome), half)),
      );
    };
    next(effectStep<number>(head, { kind: 'claimed' }, half));
  }

  #performed(
    { stopping }: Instance,
    row: Claimed,
    effect: Exclude<EffectEffect<number>, { kind: 'end' }>,
    outcome: Outcome,
  ): Parameters<typeof effectStep<number>>[1] {
    switch (effect.kind) {
      case 'perform':
        return this.#perform(row, outcome, stopping);
      case 'settle': {
        if (!this.outside.has(effect.performed)) throw new Error(`${row.asked.key} is settled, but nobody did it`);
        const input = this.#worked([row], outcome, true);
        return stopping && input.kind !== 'committed' && input.kind !== 'gone' ? { kind: 'stopped' } : input;
      }
      default:
        return this.#follow(row, effect, outcome);
    }
  }

  /** Calls the outside. For effects with an even id, failures happen here and not in the transaction. */
  #perform(row: Claimed, outcome: Outcome, stopping: boolean): Parameters<typeof effectStep<number>>[1] {
    const { asked, id } = row;
    if (id !== asked.id) throw new Error(`${asked.key} is called with another idempotency key`);
    if (asked.trouble.kind === 'undecodable' || id % 2 === 0) {
      const failed = troubleOf(asked, true);
      if (failed) return failed;
    }
    // the outside may do its work without anybody hearing of it
    if (happens(outcome)) this.outside.add(id);
    if (stopping) return { kind: 'stopped' };
    if (outcome === 'done') return { kind: 'performed', performed: id };
    asked.failed += 1;
    return { kind: 'failed', error: 'no answer' };
  }

  /** Runs handlers in one transaction, which also removes their rows. */
  #worked(rows: readonly Claimed[], outcome: Outcome, counts: boolean): TriedInput {
    if (outcome === 'failed') return { kind: 'unavailable', error: 'no database' };
    if (outcome === 'unknown') return { kind: 'unclear' };
    for (const { asked } of rows) {
      const failed = troubleOf(asked, counts);
      if (failed) return failed;
    }
    if (!this.tables.finish(rows)) return { kind: 'gone' };
    return outcome === 'lost' ? { kind: 'unclear' } : { kind: 'committed' };
  }

  #follow(row: Claimed, effect: Exclude<TriedEffect, { kind: 'end' }>, outcome: Outcome): TriedInput {
    if (!happens(outcome)) return { kind: 'notWritten' };
    if (effect.kind === 'retryLater') this.tables.retryLater(row, effect);
    else if (!this.tables.giveUp(row, effect, RETRY.retries)) return { kind: 'gone' };
    return { kind: outcome === 'lost' ? 'notWritten' : 'written' };
  }

  #headOf({ tries, claimedAt, dueAt, setAt }: Claimed): DueHead {
    return { tries, waitedMs: claimedAt - Math.max(dueAt, setAt), retry: { ...RETRY, onDead: this.#onDead } };
  }
}

const half = (): number => 0.5;

function happens(outcome: Outcome): boolean {
  return outcome === 'done' || outcome === 'lost';
}

/** Why the work fails this time, if it does. Tries in a shared transaction do not count. */
function troubleOf(asked: Asked, counts: boolean): Extract<TriedInput, { kind: Trouble['kind'] }> | undefined {
  const { kind, times } = asked.trouble;
  if (times === 0) return undefined;
  if (kind !== 'undecodable') asked.trouble = { kind, times: times - 1 };
  if (counts) asked.failed += 1;
  return { kind, error: 'handler' };
}
