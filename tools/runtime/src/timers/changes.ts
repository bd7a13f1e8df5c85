import { AtlasError } from '../contract/atlasError.ts';
import type { FollowUps, ServiceContract } from '../contract/service.ts';
import type { Origin } from '../outbox/record.ts';
import type { BoundStatement } from '../ports/sql.ts';
import { WRITE_TIMERS } from './statements.ts';

/** A change to one timer or effect that a handler asks for. */
export interface TimerRow {
  readonly kind: 'timer' | 'effect';
  readonly name: string;
  readonly key: string;
  readonly id: string;
  /** Null for an effect, which is due now. */
  readonly dueAt: Date | null;
  /** Bare Avro. Null to cancel. */
  readonly body: Uint8Array | null;
  readonly fingerprint: string | null;
  readonly origin: Origin;
}

/** In characters. The key is part of an index, whose rows have a limit. */
const MAX_KEY = 255;
/** Postgres stores times up to the year 294,276, but a timer for the year 10,000 is a mistake. */
const MAX_TIME = Date.UTC(9999, 11, 31);

/**
 * Turns the timers and effects that a handler returned into rows. Throws `AtlasError` ATLAS_TIMERS for a name, a key or
 * a time that is not valid, ATLAS_AVRO_ENCODE if a payload does not fit its schema.
 */
export function toTimerRows(
  { timers = [], effects = [] }: Pick<ServiceContract, 'timers' | 'effects'>,
  asked: Pick<FollowUps, 'timers' | 'effects'>,
  origin: Origin,
): readonly TimerRow[] {
  return [
    ...(asked.timers ?? []).map((change): TimerRow => {
      const name = 'set' in change ? change.set : change.cancel;
      const { payload } = contractOf(timers, name, 'a timer');
      const row = { kind: 'timer', name, key: keyOf(change.key, name), id: origin.newId(), origin } as const;
      if (!('set' in change)) return { ...row, dueAt: null, body: null, fingerprint: null };
      const { fingerprint } = payload;
      return { ...row, dueAt: timeOf(change.at, name), body: payload.codec.encode(change.data), fingerprint };
    }),
    ...(asked.effects ?? []).map(({ start: name, key, data }): TimerRow => {
      const { payload } = contractOf(effects, name, 'an effect');
      return {
        kind: 'effect',
        name,
        key: keyOf(key, name),
        id: origin.newId(),
        dueAt: null,
        body: payload.codec.encode(data),
        fingerprint: payload.fingerprint,
        origin,
      };
    }),
  ];
}

/**
 * The statement that writes changes in the transaction of their handlers; none if there are no changes. If one timer
 * has several changes, the last one is written.
 */
export function timerStatements(changes: readonly TimerRow[]): readonly BoundStatement[] {
  if (changes.length === 0) return [];
  const last = new Map(changes.map((row) => [`${row.kind} ${row.name} ${row.key}`, row]));
  const rows = [...last.values()];
  const values = [
    rows.map(({ kind }) => kind),
    rows.map(({ name }) => name),
    rows.map(({ key }) => key),
    rows.map(({ id }) => id),
    rows.map(({ dueAt }) => dueAt),
    rows.map(({ body }) => body),
    rows.map(({ fingerprint }) => fingerprint),
    rows.map(({ origin }) => origin.correlationId),
    rows.map(({ origin }) => origin.causationId),
    rows.map(actorOf),
    rows.map(({ origin }) => origin.traceparent),
  ];
  return [{ statement: WRITE_TIMERS, values }];
}

/**
 * A timer that has to wait fires because time has passed, which is nobody's doing. One that is due at once goes on with
 * what its setter does, and so does an effect.
 */
function actorOf({ dueAt, origin }: TimerRow): string | null {
  return dueAt !== null && dueAt > origin.occurredAt ? null : origin.actorId;
}

function contractOf<Contract extends { readonly name: string }>(
  contracts: readonly Contract[],
  name: string,
  what: string,
): Contract {
  const contract = contracts.find((candidate) => candidate.name === name);
  if (!contract) throw new AtlasError('ATLAS_TIMERS', `"${name}" is not ${what} of this service`);
  return contract;
}

function keyOf(key: string, name: string): string {
  if (key === '' || key.length > MAX_KEY || key.includes('\0'))
    throw new AtlasError('ATLAS_TIMERS', `the key of ${name} must have 1 to ${MAX_KEY} characters, and no U+0000`);
  return key;
}

function timeOf(at: Date, name: string): Date {
  const time = at.getTime();
  if (Number.isNaN(time) || time > MAX_TIME) throw new AtlasError('ATLAS_TIMERS', `the time of ${name} is not valid`);
  return time < 0 ? new Date(0) : at;
}
