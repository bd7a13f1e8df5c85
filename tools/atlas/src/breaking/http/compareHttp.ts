import { childPointer, isObject, parsePointer, type JsonValue } from '@atlas/ir';
import type { BreakingFinding } from '../finding.ts';
import { fingerprintOf } from '../fingerprint.ts';
import { compareSchemas } from '../report/compareSchemas.ts';
import type { Cause, CompareOptions } from '../schemas.ts';
import type { Version } from '../sides/version.ts';
import { apiOf } from './api.ts';
import { contextOf } from './context.ts';
import { httpRules } from './rules/index.ts';
import { schemaPairs, type HttpSchemaPair } from './schemaPairs.ts';

type Draft = Omit<BreakingFinding, 'consumers' | 'fingerprint'>;

/**
 * Compares two versions of an OpenAPI document: rules for what stands around schemas, the engine for the schemas.
 * `subject` tells documents of one repository apart in fingerprints, such as the path of the file.
 */
export function compareHttp(
  old: Version,
  next: Version,
  subject: string,
  options: CompareOptions,
): readonly BreakingFinding[] {
  const context = contextOf(apiOf(old), apiOf(next));
  const drafts: Draft[] = httpRules.flatMap((rule) =>
    [...rule.check(context)].map((finding) => ({ level: rule.level, ...finding })),
  );
  const pairs = [...schemaPairs(context)];
  const byId = new Map(pairs.map((pair) => [pair.pair.id, pair]));
  const { causes } = compareSchemas(
    old,
    next,
    pairs.map(({ pair }) => pair),
    options,
  );
  drafts.push(...causes.map((cause) => ofCause(cause, old, next, byId)));
  return merged(drafts, subject);
}

function ofCause(cause: Cause, old: Version, next: Version, pairs: ReadonlyMap<string, HttpSchemaPair>): Draft {
  const { severity, change, message, reaches, witness, unproven } = cause;
  const pair = witness && pairs.get(witness.pair);
  // The value of the engine is the proof. Without a request around it, the value alone is shown.
  const whole =
    witness && (pair?.wrap(witness.value, witness.at) ?? { ...witness, shown: JSON.stringify(witness.value) });
  const operations = reaches.map((id) => pairs.get(id)?.operation ?? id);
  return {
    protocol: 'http',
    level: 'wire',
    severity,
    change,
    message,
    old: old.loc(nearer(old, cause.old, change)),
    new: next.loc(nearer(next, cause.new, change)),
    reaches: [...new Set(operations)].toSorted(),
    ...(whole
      ? { witness: { acceptedBy: whole.acceptedBy, value: whole.value, at: whole.at, shown: whole.shown ?? '' } }
      : {}),
    ...(unproven ? { unproven } : {}),
    ...(severity === 'error' ? { safePath: safePathOf(cause) } : {}),
  };
}

/** Keywords of the changes that are not called like their keyword. */
const KEYWORDS: Readonly<Record<string, string>> = {
  'property-became-required': 'required',
  'required-property-added': 'required',
  'property-became-optional': 'required',
  'enum-value-removed': 'enum',
  'enum-value-added': 'enum',
};

/** The keyword that changed, if the schema has it; else the schema. */
function nearer({ document }: Version, pointer: string, change: string): string {
  let schema: JsonValue | undefined = document;
  for (const token of parsePointer(pointer) ?? [])
    schema = Array.isArray(schema) ? schema[Number(token)] : isObject(schema) ? schema[token] : undefined;
  const kebab = change.replace(/-(?:narrowed|widened)$/, '');
  const keyword = KEYWORDS[change] ?? kebab.replaceAll(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
  return isObject(schema) && Object.hasOwn(schema, keyword) ? childPointer(pointer, keyword) : pointer;
}

function safePathOf({ directions }: Cause): readonly string[] {
  if (directions.includes('request'))
    return [
      'let the server accept both the old and the new values, in a field or an operation of its own if they differ in kind',
      'move every client to the new values',
      'stop accepting the old values',
    ];
  return [
    'let every client accept both the old and the new values',
    'send the new values once no old client is left, or only to clients that ask for them',
  ];
}

/** One finding per change and place, with everything that it reaches. */
function merged(drafts: readonly Draft[], subject: string): readonly BreakingFinding[] {
  const byPrint = new Map<string, BreakingFinding>();
  for (const draft of drafts) {
    const fingerprint = fingerprintOf(draft, subject);
    const known = byPrint.get(fingerprint);
    const kept = known && (known.severity === 'error' || draft.severity !== 'error') ? known : draft;
    const reaches = [...new Set([...(known?.reaches ?? []), ...draft.reaches])].toSorted();
    byPrint.set(fingerprint, { ...kept, reaches, consumers: [], fingerprint });
  }
  return [...byPrint.values()];
}
