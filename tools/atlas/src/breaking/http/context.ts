import type { BreakingRule, RuleFinding } from '../rule.ts';
import type { Api, Operation, Parameter } from './api.ts';
import { releasesAfter, type Releases } from '../releases.ts';
import { Witnesses } from './witnesses.ts';

/** Both versions of an API, with the operations that are the same. */
export interface HttpContext {
  /** The service that has the operations; empty for documents without a configuration. */
  readonly service: string;
  readonly old: Api;
  readonly new: Api;
  readonly pairs: readonly OperationPair[];
  /** Operations of the old version that the new one does not have. */
  readonly removed: readonly Operation[];
  /** Webhooks and callbacks of both versions, and those that are gone. */
  readonly outgoing: { readonly pairs: readonly OperationPair[]; readonly removed: readonly Operation[] };
  /** What clients send according to the old version: requests, and answers to webhooks and callbacks. */
  readonly requests: Witnesses;
  /** What the server sends according to the new version: responses, webhooks and callbacks. */
  readonly responses: Witnesses;
  /** The releases after the old version, for safe paths. */
  readonly releases: Releases;
}

export interface OperationPair {
  readonly old: Operation;
  readonly new: Operation;
}

export type HttpRule = BreakingRule<HttpContext>;

/** Pairs the operations of two versionsby method and path. The names of path parameters do not matter. */
export function contextOf(old: Api, next: Api, service: string): HttpContext {
  const byKey = new Map<string, Operation>();
  // The whole path comes first, so that a segment may move from the server to the paths. The path alone comes second.
  for (const operation of next.operations.toReversed()) byKey.set(keyOf(operation, ''), operation);
  for (const operation of next.operations.toReversed())
    for (const base of operation.bases) byKey.set(`whole ${keyOf(operation, base)}`, operation);
  const pairs: OperationPair[] = [];
  const removed: Operation[] = [];
  for (const operation of old.operations) {
    const whole = operation.bases.map((base) => byKey.get(`whole ${keyOf(operation, base)}`));
    const found = whole.find((one) => one !== undefined) ?? byKey.get(keyOf(operation, ''));
    if (found) pairs.push({ old: operation, new: found });
    else removed.push(operation);
  }
  const outgoing = new Map(next.outgoing.map((operation) => [operation.id, operation]));
  return {
    service,
    old,
    new: next,
    pairs,
    removed,
    outgoing: {
      pairs: old.outgoing.flatMap((operation) => {
        const same = outgoing.get(operation.id);
        return same ? [{ old: operation, new: same }] : [];
      }),
      removed: old.outgoing.filter(({ id }) => !outgoing.has(id)),
    },
    requests: new Witnesses(old, next, 'old'),
    responses: new Witnesses(next, old, 'new'),
    releases: releasesAfter(old.version.document),
  };
}

function keyOf({ method, path }: Operation, base: string): string {
  return `${method} ${base}${path.replaceAll(/\{[^{}]*\}/g, '{}')}`;
}

/** Parameters that mean the same: by name, and by position in the path. */
export function parameterPairs({ old, new: next }: OperationPair): readonly (readonly [Parameter, Parameter])[] {
  return old.parameters.flatMap((parameter) => {
    const match = sameParameter(parameter, old, next);
    return match ? [[parameter, match] as const] : [];
  });
}

/** The parameter of operation `to` that means the same as one of operation `from`. */
export function sameParameter(parameter: Parameter, from: Operation, to: Operation): Parameter | undefined {
  const sought =
    parameter.in === 'path' ? (namesIn(to.path)[namesIn(from.path).indexOf(parameter.name)] ?? '') : parameter.name;
  const normal = (name: string): string => (parameter.in === 'header' ? name.toLowerCase() : name);
  return to.parameters.find((other) => other.in === parameter.in && normal(other.name) === normal(sought));
}

function namesIn(path: string): readonly string[] {
  return [...path.matchAll(/\{([^{}]*)\}/g)].map(([, name]) => name ?? '');
}

/** A finding of HTTP: an error with its witness, or a warning if no witness could be written. */
export function proven(
  finding: Omit<RuleFinding, 'protocol' | 'severity' | 'witness'>,
  witness: RuleFinding['witness'],
): RuleFinding {
  if (witness) return { ...finding, protocol: 'http', severity: 'error', witness };
  const reason = {
    kind: 'no-witness',
    detail: 'no message was found that one version accepts and the other refuses',
  } as const;
  return { ...finding, protocol: 'http', severity: 'warning', unproven: [reason] };
}

/** A finding that no message can prove. */
export function suspected(finding: Omit<RuleFinding, 'protocol' | 'severity'>, detail: string): RuleFinding {
  return { ...finding, protocol: 'http', severity: 'warning', unproven: [{ kind: 'no-witness', detail }] };
}

/** A finding that only informs. */
export function noted(finding: Omit<RuleFinding, 'protocol' | 'severity'>): RuleFinding {
  return { ...finding, protocol: 'http', severity: 'info' };
}
