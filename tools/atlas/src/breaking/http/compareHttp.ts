import { mergedDrafts, type Draft } from '../draft.ts';
import type { BreakingFinding } from '../finding.ts';
import { compareSchemas } from '../report/compareSchemas.ts';
import { draftOf } from '../report/draftOf.ts';
import type { Cause, CompareOptions } from '../schemas.ts';
import type { Version } from '../sides/version.ts';
import { apiOf } from './api.ts';
import { contextOf, type HttpContext } from './context.ts';
import { rangePairs } from './rangePairs.ts';
import { httpRules } from './rules/index.ts';
import { schemaPairs, type HttpSchemaPair } from './schemaPairs.ts';
import { schemaSafePath } from './schemaSafePath.ts';
import { untouched } from './untouched.ts';

export interface HttpReport {
  readonly findings: readonly BreakingFinding[];
  /** What differs and was not compared. */
  readonly notCompared: readonly string[];
}

/**
 * Compares two versions of an OpenAPI document: rules compare everything around schemas, and the engine compares the
 * schemas. `subject` distinguishes the documents of one repository in fingerprints: the name of the service, or nothing
 * for a single document.
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
  drafts.push(...causes.map((cause) => ofCause(cause, context, byId)));
  return { findings: mergedDrafts(drafts, subject), notCompared: untouched(context) };
}

function ofCause(
  cause: Cause,
  { old, new: next, releases }: HttpContext,
  pairs: ReadonlyMap<string, HttpSchemaPair>,
): Draft {
  const { witness } = cause;
  const reaches = cause.reaches.map((id) => pairs.get(id)?.operation ?? id);
  return draftOf(cause, old.version, next.version, {
    protocol: 'http',
    reaches,
    witness: witness && pairs.get(witness.pair)?.wrap(witness.value, witness.at),
    safePath: schemaSafePath(cause, releases),
  });
}
