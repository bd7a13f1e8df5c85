import { EXTENSION } from '@atlas/ir';
import type { Cursor } from '../../document/cursor.ts';
import { durationMs } from '../extensions/retry.ts';
import type { AsyncView } from './events.ts';

/** One entry of `x-atlas-timers` or `x-atlas-effects`. */
export interface LaterView {
  readonly kind: 'timer' | 'effect';
  /** Its key in the document. */
  readonly name: string;
  readonly cursor: Cursor;
}

/** The keys of an entry, by kind. */
export const LATER_KEYS: Readonly<Record<LaterView['kind'], readonly string[]>> = {
  timer: ['summary', 'payload', 'emits', 'retry'],
  effect: ['summary', 'payload', 'outcome', 'timeout', 'emits', 'retry'],
};

/** The members of an entry that have an Avro schema. */
export const LATER_PAYLOADS: Readonly<Record<LaterView['kind'], readonly string[]>> = {
  timer: ['payload'],
  effect: ['payload', 'outcome'],
};

/** The timers and effects of a document, in its order. */
export function laterViews({ root }: Pick<AsyncView, 'root'>): readonly LaterView[] {
  const views = (key: string, kind: LaterView['kind']): LaterView[] =>
    (root.get(key)?.entries() ?? []).map(([name, cursor]) => ({ kind, name, cursor }));
  return [...views(EXTENSION.timers, 'timer'), ...views(EXTENSION.effects, 'effect')];
}

const DEFAULT_TIMEOUT_MS = 10_000;
/** The longest time that an effect may keep a connection to the outside and a claim in the database. */
const MAX_TIMEOUT_MS = 5 * 60_000;

/** How long an effect's call may take, in ms. Undefined if `timeout` is not a duration of at most 5 minutes. */
export function timeoutOf(effect: Cursor): number | undefined {
  const timeout = effect.get('timeout');
  if (!timeout) return DEFAULT_TIMEOUT_MS;
  const ms = durationMs(timeout.string());
  return ms !== undefined && ms <= MAX_TIMEOUT_MS ? ms : undefined;
}
