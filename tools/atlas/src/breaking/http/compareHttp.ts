import { mergedDrafts, type Draft } from '../draft.ts';
import type { BreakingFinding } from '../finding.ts';
import { compareSchemas } from '../report/compareSchemas.ts';
import { draftOf } from '../report/draftOf.ts';
import type { Cause, CompareOptions } from '../schemas.ts';
import type { Version } from '../sides/version.ts';
import { apiOf } from './api.ts';
import { contextOf } from './context.ts';
import { rangePairs } from './rangePairs.ts';
import { httpRules } from './rules/index.ts';
import { schemaPairs, type HttpSchemaPair } from './schemaPairs.ts';
import { untouched } from './untouched.ts';

export interface HttpReport {
  readonly findings: readonly BreakingFinding[];
  /** What differs and was not compared. */
  readonly notCompared: readonly string[];
}

/**
 * Compares two versions of an OpenAPI document: rules for what stands around schemas, the engine for the schemas.
 * `subject` tells documents of one repository apart in fingerprints: the name of the service, or nothing for a document
 * alone.
 */
export function compareHttp(old: Version, next: Version, subject: string, options: CompareOptions): HttpReport {
  const context = contextOf(apiOf(old), apiOf(next), subject);
  const drafts: Draft[] = httpRules.flatMap((rule) =>
    [...rule.check(context)].map((finding) => ({ level: rule.level, ...finding })),
  );
  const pairs = [...schemaPairs(context), ...rangePairs(context)];
  const byId = new Map(pairs.map((pair) => [pair.pair.id, pair]));
  const { causes } = compareSchemas(
    old,
    next,
    pairs.map((one) => ({ ...one.pair, confirms: (value, at) => one.wrap(value, at) !== undefined })),
    options,
  );
  drafts.push(...causes.map((cause) => ofCause(cause, old, next, byId)));
  return { findings: mergedDrafts(drafts, subject), notCompared: untouched(context) };
}

function ofCause(cause: Cause, old: Version, next: Version, pairs: ReadonlyMap<string, HttpSchemaPair>): Draft {
  const { witness } = cause;
  return draftOf(cause, old, next, {
    protocol: 'http',
    reaches: cause.reaches.map((id) => pairs.get(id)?.operation ?? id),
    witness: witness && pairs.get(witness.pair)?.wrap(witness.value, witness.at),
    safePath: safePathOf(cause),
  });
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
