import type { JsonValue, Loc } from '@atlas/ir';
import type { Change } from './changelog/change.ts';

/** Which contract a finding is about. `policy` is for an entry of the file of accepted breaks. */
export type Protocol = 'http' | 'events' | 'db' | 'policy';

/**
 * `wire`: a running peer fails. `source`: a caller that is generated again no longer compiles. `policy`: nobody fails,
 * but the file of accepted breaks is out of date.
 */
export type Level = 'wire' | 'source' | 'policy';

/**
 * `error`: proven, with a witness. `warning`: not proven either way. `info`: tolerated by the policy, or only for
 * information.
 */
export type Severity = 'error' | 'warning' | 'info';

/** One difference between two versions that somebody must know about. Each root cause is one finding. */
export interface BreakingFinding {
  readonly protocol: Protocol;
  readonly level: Level;
  readonly severity: Severity;
  /** Stable id in kebab-case, such as `property-became-required`. It is part of the fingerprint. */
  readonly change: string;
  /** One sentence. It names no place, because the finding has both. */
  readonly message: string;
  /** Where the old version says it; absent if only the new version has a place. */
  readonly old?: Loc;
  readonly new?: Loc;
  /** What the change reaches: operations, messages, tables. Sorted. */
  readonly reaches: readonly string[];
  /** Services and generated clients that the change breaks. Sorted. */
  readonly consumers: readonly string[];
  /** Present for every `error`, unless the smallest data of an Avro schema is too large to show. */
  readonly witness?: Witness;
  /** Why nothing could be proven; always present for a `warning` of the engine. */
  readonly unproven?: readonly UnprovenReason[];
  /** The steps that reach the same goal without a break: expand, migrate, contract. */
  readonly safePath?: readonly string[];
  /** Of protocol, change and both pointers: no line numbers, so that it survives edits elsewhere in the file. */
  readonly fingerprint: string;
  /** Somebody has accepted it with a reason, so it does not make the versions incompatible. */
  readonly accepted?: Acceptance;
}

/** Why a break is accepted, who answers for it, and the last day on which it counts, such as 2031-12-31. */
export interface Acceptance {
  readonly reason: string;
  readonly by: string;
  readonly expires: string;
}

/** A value that one side accepts and the other side refuses, checked with the validators that Atlas generates. */
export interface Witness {
  /** The side that accepts it; the other side refuses it. */
  readonly acceptedBy: 'old' | 'new';
  /** The whole value: a body, a message, a row. */
  readonly value: JsonValue;
  /** JSON Pointer to the spot in `value` that is refused; empty for the value itself. */
  readonly at: string;
  /** What the two versions do with it, if "accept" and "refuse" are the wrong words. */
  readonly verdict?: string;
  /** Something to paste: a curl line, a message, a statement. The code of the protocol fills it in. */
  readonly shown?: string;
}

/** Why the engine can't decide. `detail` says what it met, such as the pattern. */
export interface UnprovenReason {
  readonly kind:
    | 'pattern-syntax'
    | 'pattern-too-large'
    | 'format'
    | 'too-many-cases'
    | 'too-deep'
    | 'budget'
    | 'keyword'
    | 'reference'
    | 'counting'
    | 'no-witness'
    | 'other-readers';
  readonly detail: string;
}

/** What one comparison says, whatever it compared. */
export interface BreakingReport {
  /** By place in the new version. */
  readonly findings: readonly BreakingFinding[];
  /** The documents that were compared, as the report shows them. */
  readonly compared: readonly string[];
  /** What the versions also have, and this version of Atlas does not compare. It never means "compatible". */
  readonly notCompared: readonly string[];
  /** Whether names that the writer's schema does not declare count as promised (`--strict`). */
  readonly strict: boolean;
  /** Who reads what, for Avro and JSON Schema: the level of a schema registry. */
  readonly mode?: string;
  /** How many entries of which file accept something, in words. Present if others may do that in other comparisons. */
  readonly matched?: string;
  /** Text by `Loc.file`, for code frames. */
  readonly sources: ReadonlyMap<string, string>;
  /** Everything that differs, including the findings. It is computed on demand. */
  changes?(): readonly Change[];
}

/** Whether somebody breaks: an error is proven, and nobody has accepted the break. */
export function isBreaking({ findings }: BreakingReport): boolean {
  return findings.some(counts);
}

/** Whether a finding is a break that nobody has accepted. */
export function counts({ severity, accepted }: BreakingFinding): boolean {
  return severity === 'error' && accepted === undefined;
}

/** Characters of data that a report shows. The value itself has all of them. */
const MOST_SHOWN = 2_000;

/** Data of a witness as one line. */
export function shownData(value: JsonValue): string {
  const text = JSON.stringify(value);
  return text.length > MOST_SHOWN ? `${text.slice(0, MOST_SHOWN)}… (${text.length} characters)` : text;
}
