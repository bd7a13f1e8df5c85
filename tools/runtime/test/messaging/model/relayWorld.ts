import type { RelayEffect, RelayInput, RelayRow, RelayState, Trouble } from '../../../src/outbox/relay/state.ts';
import { relayStart, relayStep } from '../../../src/outbox/relay/step.ts';

export interface Row extends RelayRow {
  /** The broker refuses it. */
  readonly poison: boolean;
}

/** The outcome of an effect: done and reported; done, but the report is lost; or not done. */
export type Outcome = 'done' | 'lost' | 'failed';

export type Action =
  | {
      readonly do: 'commit';
      readonly topic: string;
      readonly key: string | undefined;
      readonly late: boolean;
      readonly poison: boolean;
      /** Undefined for a dead letter, which can be sent without its bytes if it is poison. */
      readonly schema: string | undefined;
    }
  | { readonly do: 'step'; readonly relay: number; readonly outcome: Outcome }
  | { readonly do: 'crash'; readonly relay: number }
  | { readonly do: 'lead'; readonly relay: number }
  | { readonly do: 'forbid'; readonly topic: string }
  | { readonly do: 'allow'; readonly topic: string }
  | { readonly do: 'unregister'; readonly schema: string }
  | { readonly do: 'register'; readonly schema: string };

interface Relay {
  state: RelayState<Row>;
  effect: RelayEffect<Row> | undefined;
  /** The epoch that it believes to be its own. It learns of another one only from the result of a statement. */
  epoch: number | undefined;
}

/** Outbox, broker and lease in memory, and relays that run the production steps against them, one effect at a time. */
export class RelayWorld {
  readonly log: Row[] = [];
  readonly dead: Row[] = [];
  readonly committed: Row[] = [];
  readonly relays: Relay[];
  outbox: Row[] = [];
  /** Rows that have an id, but whose transaction is still open. */
  #open: Row[] = [];
  #forbidden = new Set<string>();
  #unregistered = new Set<string>();
  #epoch = 0;
  #now = 0;
  #lastId = 0n;

  constructor(relays: number) {
    this.relays = Array.from({ length: relays }, () => this.#fresh());
  }

  act(action: Action): void {
    this.#now += 500;
    switch (action.do) {
      case 'commit':
        return this.#commit(action);
      case 'step':
        return this.#step(action.relay, action.outcome);
      case 'crash':
        this.relays[action.relay % this.relays.length] = this.#fresh();
        return;
      case 'lead':
        return this.#lead(action.relay);
      case 'forbid':
        this.#forbidden.add(action.topic);
        return;
      case 'allow':
        this.#forbidden.delete(action.topic);
        return;
      case 'unregister':
        this.#unregistered.add(action.schema);
        return;
      case 'register':
        this.#unregistered.delete(action.schema);
        return;
    }
  }

  /** Ends all trouble: open transactions commit, and one relay leads undisturbed until it has nothing to do. */
  recover(): void {
    for (const row of this.#open.splice(0)) this.#show(row);
    this.#forbidden.clear();
    this.#unregistered.clear();
    this.act({ do: 'crash', relay: 0 });
    this.#lead(0);
    for (let turn = 0; turn < 1_000; turn++) this.act({ do: 'step', relay: 0, outcome: 'done' });
  }

  #fresh(): Relay {
    const [state, [effect]] = relayStart<Row>();
    return { state, effect, epoch: undefined };
  }

  #lead(index: number): void {
    this.#epoch += 1;
    const relay = this.relays[index % this.relays.length];
    if (relay) relay.epoch = this.#epoch;
  }

  /** The sequence row's lock: transactions with the same key commit in the order of their ids. */
  #commit({ topic, key, late, poison, schema }: Extract<Action, { do: 'commit' }>): void {
    const before = this.#open.filter((row) => key !== undefined && row.topic === topic && row.key === key);
    for (const row of before) this.#show(row);
    this.#open = this.#open.filter((row) => !before.includes(row));
    this.#lastId += 1n;
    const shortenable = schema === undefined;
    const row = { id: this.#lastId, topic, key, partition: 0, bytes: 200_000, poison, schema, shortenable };
    if (late) this.#open.push(row);
    else this.#show(row);
  }

  #show(row: Row): void {
    this.committed.push(row);
    this.outbox.push(row);
  }

  #step(index: number, outcome: Outcome): void {
    const relay = this.relays[index % this.relays.length];
    if (!relay?.effect || relay.effect.kind === 'end') return;
    const input = this.#perform(relay, relay.effect, outcome);
    const [state, [effect]] = relayStep(relay.state, input, () => 0.5);
    relay.state = state;
    relay.effect = effect;
  }

  #perform(relay: Relay, effect: Exclude<RelayEffect<Row>, { kind: 'end' }>, outcome: Outcome): RelayInput<Row> {
    const now = this.#now;
    switch (effect.kind) {
      case 'sleep':
        return { kind: 'slept', now, leads: relay.epoch !== undefined };
      case 'claim': {
        if (outcome !== 'done') return { kind: 'failed' };
        const isOut = ({ schema = '' }: Row): boolean => effect.exceptSchemas.includes(schema);
        const isBehind = (row: Row): boolean =>
          row.key !== undefined &&
          this.outbox.some((one) => isOut(one) && one.topic === row.topic && one.key === row.key && one.id < row.id);
        const rows = this.outbox
          .filter((row) => !effect.exceptTopics.includes(row.topic) && !this.#isHeld(row) && !isOut(row))
          .filter((row) => !isBehind(row))
          .toSorted((a, b) => Number(a.id - b.id))
          .slice(0, effect.limit);
        // a forbidden topic is noticed at the claim, or only when the broker refuses a send
        const known = now % 1_000 === 0 ? [...this.#forbidden] : [];
        const topics = new Map<string, Trouble>(known.map((topic) => [topic, { reason: 'forbidden', lasting: true }]));
        const unknown = rows.flatMap(({ schema = '' }) => (this.#unregistered.has(schema) ? [schema] : []));
        const schemas = new Map<string, Trouble>(unknown.map((name) => [name, { reason: 'unknown', lasting: true }]));
        return { kind: 'claimed', now, rows, trouble: { topics, schemas } };
      }
      case 'send':
        return this.#send(effect.rows, outcome);
      case 'delete': {
        if (relay.epoch !== this.#epoch) return this.#fenced(relay);
        if (outcome === 'failed') return { kind: 'failed' };
        const ids = new Set(effect.rows.map(({ id }) => id));
        this.outbox = this.outbox.filter(({ id }) => !ids.has(id));
        return { kind: outcome === 'done' ? 'deleted' : 'failed' };
      }
      case 'shorten': {
        if (relay.epoch !== this.#epoch) return this.#fenced(relay);
        if (outcome === 'failed') return { kind: 'failed' };
        // the same event, but now the broker takes it
        Object.assign(effect.row, { poison: false, shortenable: false });
        return { kind: outcome === 'done' ? 'shortened' : 'failed' };
      }
      case 'markDead': {
        if (relay.epoch !== this.#epoch) return this.#fenced(relay);
        if (outcome === 'failed') return { kind: 'failed' };
        if (this.outbox.includes(effect.row)) this.dead.push(effect.row);
        this.outbox = this.outbox.filter((row) => row !== effect.row);
        return { kind: outcome === 'done' ? 'markedDead' : 'failed' };
      }
    }
  }

  /** A topic's rows are one record batch. The broker takes all of them or none. */
  #send(rows: readonly Row[], outcome: Outcome): RelayInput<Row> {
    if (outcome === 'failed') return { kind: 'unsent' };
    let refusal: 'topic' | 'record' | undefined;
    for (const [topic, share] of Map.groupBy(rows, (row) => row.topic)) {
      if (this.#forbidden.has(topic)) refusal = 'topic';
      else if (share.some(({ poison }) => poison)) refusal ??= 'record';
      else this.log.push(...share);
    }
    if (outcome === 'lost') return { kind: 'unsent' };
    return refusal === undefined
      ? { kind: 'sent' }
      : { kind: 'refused', now: this.#now, about: refusal, reason: refusal };
  }

  #fenced(relay: Relay): RelayInput<Row> {
    relay.epoch = undefined;
    return { kind: 'fenced' };
  }

  #isHeld({ id, topic, key }: Row): boolean {
    return key !== undefined && this.dead.some((dead) => dead.topic === topic && dead.key === key && dead.id < id);
  }
}
