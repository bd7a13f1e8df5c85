import { parkedStep } from '../../../src/inbox/parking/step.ts';
import { setStart, setStep, type SetEffect, type SetInput, type SetState } from '../../../src/inbox/sets/step.ts';
import {
  recordStart,
  recordStep,
  type LastEffect,
  type RecordEffect,
  type RecordInput,
  type RecordState,
} from '../../../src/inbox/step.ts';
import type { Outcome } from './relayWorld.ts';

export const POLICY = { retries: 5, baseMs: 100, capMs: 1_000 } as const;

export interface Sent {
  readonly id: number;
  readonly key: string;
  /** Its bytes can't be decoded. */
  readonly poison: boolean;
}

export type Action =
  | { readonly do: 'send'; readonly key: string; readonly poison: boolean; readonly failures: number }
  | { readonly do: 'copy'; readonly of: number }
  | { readonly do: 'step'; readonly member: number; readonly outcome: Outcome }
  | { readonly do: 'retry'; readonly member: number; readonly key: string; readonly outcome: Outcome }
  | { readonly do: 'crash'; readonly member: number }
  | { readonly do: 'assign'; readonly member: number };

interface Member {
  /** The epoch of the partition under which it believes to own it. */
  epoch: number | undefined;
  position: number;
  current: { readonly state: RecordState; readonly effect: RecordEffect } | undefined;
  /** The set that it consumes, from its position on. */
  set: { readonly size: number; readonly state: SetState; readonly effect: SetEffect } | undefined;
}

const IDLE = { current: undefined, set: undefined } as const;

interface ParkedKey {
  readonly queue: readonly Sent[];
  readonly tries: number;
  readonly held: boolean;
}

/** All that a transaction may change. It is replaced as a whole or not at all. */
interface Tables {
  readonly inbox: ReadonlySet<number>;
  readonly effects: readonly Sent[];
  readonly dead: readonly Sent[];
  readonly parked: ReadonlyMap<string, ParkedKey>;
}

class Failed extends Error {
  readonly kind: 'failed' | 'slow' | 'unknownSchema';

  /** One third of the events are slow instead of broken, and another third have a schema that is not known yet. */
  constructor({ id }: Sent) {
    super();
    this.kind = id % 3 === 0 ? 'failed' : id % 3 === 1 ? 'slow' : 'unknownSchema';
  }
}

/**
 * One partition, the tables of a consumer and the members of its group in memory. The members run the production steps,
 * one effect at a time, and the transactions do what the SQL statements do.
 */
export class ConsumerWorld {
  readonly log: Sent[] = [];
  tables: Tables = { inbox: new Set(), effects: [], dead: [], parked: new Map() };
  readonly #onDead: 'hold' | 'continue';
  readonly #members: Member[];
  readonly #maxSet: number | undefined;
  /** How often each event's handler will still fail. */
  readonly #failures = new Map<number, number>();
  #epoch = 0;
  #committed = 0;

  /** If `maxSet` is given, the members consume sets of at most `maxSet` events. */
  constructor(members: number, onDead: 'hold' | 'continue', maxSet?: number) {
    this.#onDead = onDead;
    this.#maxSet = maxSet;
    this.#members = Array.from({ length: members }, () => ({ epoch: undefined, position: 0, ...IDLE }));
  }

  act(action: Action): void {
    switch (action.do) {
      case 'send': {
        const id = this.log.length;
        this.#failures.set(id, action.failures);
        this.log.push({ id, key: action.key, poison: action.poison });
        return;
      }
      case 'copy': {
        const copied = this.log[action.of % Math.max(1, this.log.length)];
        if (copied) this.log.push(copied);
        return;
      }
      case 'step':
        return this.#maxSet === undefined
          ? this.#stepAlone(this.#member(action.member), action.outcome)
          : this.#stepInSets(this.#member(action.member), this.#maxSet, action.outcome);
      case 'retry':
        return this.#retry(this.#member(action.member), action.key, action.outcome);
      case 'crash':
        Object.assign(this.#member(action.member), { epoch: undefined, ...IDLE });
        return;
      case 'assign':
        // the previous owner does not know, and may continue with its current work
        this.#epoch += 1;
        Object.assign(this.#member(action.member), {
          epoch: this.#epoch,
          position: this.#committed,
          ...IDLE,
        });
        return;
    }
  }

  /** Ends all trouble: one member works undisturbed until nothing is left to do. */
  recover(): void {
    this.act({ do: 'assign', member: 0 });
    for (let turn = 0; turn < this.log.length * 8; turn++) this.act({ do: 'step', member: 0, outcome: 'done' });
    for (let turn = 0; turn < this.log.length * 8; turn++) {
      for (const key of this.tables.parked.keys()) this.act({ do: 'retry', member: 0, key, outcome: 'done' });
    }
  }

  #member(index: number): Member {
    const member = this.#members[index % this.#members.length];
    if (!member) throw new Error('no members');
    return member;
  }

  #stepAlone(member: Member, outcome: Outcome): void {
    const sent = this.log[member.position];
    if (member.epoch === undefined || !sent) return;
    const last = this.#advance(member, sent, outcome);
    if (last) this.#end(member, last, 1, outcome);
  }

  /** Performs one effect for one event. Returns the last effect, which `#end` performs. */
  #advance(member: Member, sent: Sent, outcome: Outcome): LastEffect | undefined {
    if (!member.current) {
      const [state, effect] = recordStart(POLICY, 0);
      member.current = { state, effect };
    }
    const { state, effect } = member.current;
    if (effect.kind === 'done' || effect.kind === 'postpone' || effect.kind === 'leave') {
      member.current = undefined;
      return effect;
    }
    const [next, following] = recordStep(state, this.#perform(member, sent, effect, outcome), () => 0.5);
    member.current = { state: next, effect: following };
    return undefined;
  }

  #stepInSets(member: Member, max: number, outcome: Outcome): void {
    if (member.epoch === undefined) return;
    if (!member.set) {
      const size = Math.min(max, this.log.length - member.position);
      if (size === 0) return;
      const [state, effect] = setStart(size, 0);
      member.set = { size, state, effect };
    }
    const { size, state, effect } = member.set;
    if (effect.kind === 'done' || effect.kind === 'postpone' || effect.kind === 'leave') {
      member.set = undefined;
      this.#end(member, effect, size, outcome);
      return;
    }
    const input = this.#performInSet(member, effect, outcome);
    if (!input) return;
    const [next, following] = setStep(state, input, () => 0.5);
    member.set = { size, state: next, effect: following };
  }

  #performInSet(
    member: Member,
    effect: Extract<SetEffect, { kind: 'apply' | 'single' }>,
    outcome: Outcome,
  ): SetInput | undefined {
    if (effect.kind === 'apply') {
      const { from, to } = effect.part;
      return this.#applySet(member, from, this.log.slice(member.position + from, member.position + to), outcome);
    }
    const sent = this.log[member.position + effect.at];
    const how = sent && this.#advance(member, sent, outcome);
    return how && { kind: 'ended', how };
  }

  /** Performs `done`, `postpone` or `leave`. */
  #end(member: Member, last: { readonly kind: LastEffect['kind'] }, size: number, outcome: Outcome): void {
    if (last.kind === 'leave') member.epoch = undefined;
    if (last.kind !== 'done') return;
    member.position += size;
    // the commit of the offset may get lost, or come from a member that does not own the partition any more
    if (outcome === 'done' && member.epoch === this.#epoch) this.#committed = member.position;
  }

  #perform(
    member: Member,
    sent: Sent,
    effect: Exclude<RecordEffect, { kind: 'done' | 'postpone' | 'leave' }>,
    outcome: Outcome,
  ): RecordInput {
    switch (effect.kind) {
      case 'sleep':
        return { kind: 'slept' };
      case 'apply':
        return this.#apply(member, sent, outcome);
      case 'park':
        return (
          this.#transact(member, outcome, (tables) => {
            const parked = tables.parked.get(sent.key) ?? { queue: [], tries: effect.tries, held: false };
            return queued({ ...tables, parked: new Map(tables.parked).set(sent.key, parked) }, sent);
          }) ?? { kind: 'parked' }
        );
      case 'deadLetter': {
        const hold = effect.reason === 'failed' && this.#onDead === 'hold';
        return (
          this.#transact(member, outcome, (tables) => {
            const after = givenUp(tables, sent);
            if (!hold) return after;
            const held = { queue: [], tries: effect.tries, held: true };
            return { ...after, parked: new Map(after.parked).set(sent.key, after.parked.get(sent.key) ?? held) };
          }) ?? { kind: 'deadLettered' }
        );
      }
    }
  }

  #apply(member: Member, sent: Sent, outcome: Outcome): RecordInput {
    if (outcome === 'failed') return { kind: 'unavailable' };
    const { inbox, parked, dead } = this.tables;
    if (parked.has(sent.key)) {
      return (
        this.#transact(member, outcome, (tables) => queued(tables, sent)) ?? { kind: 'committed', outcome: 'queued' }
      );
    }
    if (inbox.has(sent.id) || dead.includes(sent)) return { kind: 'committed', outcome: 'duplicate' };
    if (sent.poison) return { kind: 'undecodable', error: 'poison' };
    const failed = this.#transact(member, outcome, (tables) => this.#effect(tables, sent));
    if (failed?.kind === 'unavailable' && outcome === 'lost') return { kind: 'commitUnknown' };
    return failed ?? { kind: 'committed', outcome: 'applied' };
  }

  #applySet(member: Member, from: number, set: readonly Sent[], outcome: Outcome): SetInput {
    if (outcome === 'failed') return { kind: 'unavailable' };
    const poison = set.findIndex((sent) => sent.poison);
    if (poison !== -1) return { kind: 'notDecoded', at: from + poison };
    let at = from;
    const failed = this.#transact(member, outcome, (before) => {
      let tables = before;
      for (const [index, sent] of set.entries()) {
        at = from + index;
        if (tables.parked.has(sent.key)) tables = queued(tables, sent);
        else if (!tables.inbox.has(sent.id) && !tables.dead.includes(sent)) tables = this.#effect(tables, sent);
      }
      return tables;
    });
    if (!failed) return { kind: 'committed' };
    if (failed.kind === 'unavailable') return { kind: 'commitUnknown' };
    return failed.kind === 'unknownSchema' ? { kind: 'notDecoded', at } : { kind: failed.kind };
  }

  #effect(tables: Tables, sent: Sent): Tables {
    const left = this.#failures.get(sent.id) ?? 0;
    if (left > 0) {
      this.#failures.set(sent.id, left - 1);
      throw new Failed(sent);
    }
    return { ...tables, inbox: new Set(tables.inbox).add(sent.id), effects: [...tables.effects, sent] };
  }

  /** Undefined if the transaction is committed and the member knows it. */
  #transact(
    member: Member,
    outcome: Outcome,
    work: (tables: Tables) => Tables,
  ): Extract<RecordInput, { kind: 'unavailable' | 'fenced' | 'failed' | 'slow' | 'unknownSchema' }> | undefined {
    if (outcome === 'failed') return { kind: 'unavailable' };
    let after: Tables;
    try {
      after = work(this.tables);
    } catch (error) {
      if (error instanceof Failed) return { kind: error.kind, error: 'handler', ms: 0 };
      throw error;
    }
    if (member.epoch !== this.#epoch) return { kind: 'fenced' };
    this.tables = after;
    return outcome === 'lost' ? { kind: 'unavailable' } : undefined;
  }

  #retry(member: Member, key: string, outcome: Outcome): void {
    const head = this.tables.parked.get(key);
    const first = head?.queue[0];
    if (member.epoch === undefined || !head || head.held || !first) return;
    const tried = first.poison
      ? ({ kind: 'undecodable', error: 'poison' } as const)
      : this.#transact(member, outcome, (tables) => {
          const after = tables.inbox.has(first.id) ? tables : this.#effect(tables, first);
          return advanced(after, key);
        });
    const input =
      tried === undefined
        ? { kind: 'committed' as const }
        : tried.kind === 'fenced'
          ? { kind: 'unclear' as const }
          : tried.kind === 'unavailable'
            ? { ...tried, error: 'no answer' }
            : tried;
    const effect = parkedStep({ tries: head.tries, waitedMs: 0 }, POLICY, input, () => 0.5);
    if (effect.kind === 'reschedule') {
      this.#transact(member, outcome, (tables) => {
        const now = tables.parked.get(key);
        if (now?.tries !== head.tries) return tables;
        return { ...tables, parked: new Map(tables.parked).set(key, { ...now, tries: effect.tries }) };
      });
    }
    if (effect.kind === 'deadLetter') {
      const hold = effect.reason === 'failed' && this.#onDead === 'hold';
      this.#transact(member, outcome, (tables) => {
        const after = advanced(givenUp(tables, first), key);
        if (!hold) return after;
        return {
          ...after,
          parked: new Map(after.parked).set(key, { queue: head.queue.slice(1), tries: effect.tries, held: true }),
        };
      });
    }
  }
}

/** Puts the event behind the others of its key, unless it is in the queue, in the inbox or dead already. */
function queued(tables: Tables, sent: Sent): Tables {
  const head = tables.parked.get(sent.key);
  if (!head || tables.inbox.has(sent.id) || tables.dead.includes(sent) || head.queue.includes(sent)) return tables;
  return { ...tables, parked: new Map(tables.parked).set(sent.key, { ...head, queue: [...head.queue, sent] }) };
}

function givenUp(tables: Tables, sent: Sent): Tables {
  return tables.dead.includes(sent) ? tables : { ...tables, dead: [...tables.dead, sent] };
}

function advanced(tables: Tables, key: string): Tables {
  const parked = new Map(tables.parked);
  const queue = parked.get(key)?.queue.slice(1) ?? [];
  if (queue.length === 0) parked.delete(key);
  else parked.set(key, { queue, tries: 0, held: false });
  return { ...tables, parked };
}
