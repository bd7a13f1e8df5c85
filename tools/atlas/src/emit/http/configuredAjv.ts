import type { Ajv2020 } from 'ajv/dist/2020.js';
import { expressionOf } from '../../jsonschema/pattern/expression.ts';
import { INHERITED } from './inheritedNames.ts';
import { isSharedName } from './schemaSet.ts';

/** The one format that validators read more narrowly than ajv-formats, because databases do not accept `urn:uuid:`. */
export const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** ajv's optimiser makes a tenth less code, and takes as long as its compiler: too long for megabytes of schemas. */
const MOST_OPTIMIZED = 200_000;

/** How ajv compiles patterns, and how it writes that in code. Throws for an invalid pattern. */
const REGEXP = Object.assign((pattern: string) => expressionOf(pattern) ?? new RegExp(pattern, 'u'), {
  code: 'new RegExp',
});

interface AjvOptions {
  readonly wants?: 'code' | 'validators';
  readonly optimize?: boolean;
}

/**
 * The ajv that generated validators come from, for schemas with these `words`. The libraries are arguments, because a
 * run that compiles nothing does not load them. `optimize` does not change what a validator says. With `wants: 'code'`,
 * the validators only have their code as `source`, and decide nothing, because the engine does not parse that code.
 * That saves a fifth of the time.
 */
export function configuredAjv(
  libraries: { readonly Ajv2020: typeof Ajv2020; readonly addFormats: (ajv: Ajv2020) => unknown },
  words: string,
  { wants = 'validators', optimize = words.length < MOST_OPTIMIZED }: AjvOptions = {},
): Ajv2020 {
  const ajv = new libraries.Ajv2020({
    allErrors: true,
    strict: false,
    // `check` has already compared the specs with their standard.
    validateSchema: false,
    // `1e400` is Infinity after parsing, and would be written as `null`.
    strictNumbers: true,
    inlineRefs: false,
    logger: false,
    useDefaults: true,
    // `constructor` and the like are inherited by every object, so such a required name would always be present.
    ownProperties: namesInherited(words),
    code: {
      source: true,
      esm: true,
      regExp: REGEXP,
      optimize,
      ...(wants === 'code' ? { process: () => 'return () => true' } : {}),
    },
  });
  if (wants === 'code') forTheseOnly(ajv, words);
  libraries.addFormats(ajv);
  ajv.addFormat('uuid', UUID);
  return ajv;
}

/** Saves ajv a tenth of its time, with work that changes nothing for schemas with these words and names. */
function forTheseOnly(ajv: Ajv2020, words: string): void {
  // ajv asks for each schema and each keyword whether the schema has the keyword.
  for (const keyword of Object.keys(ajv.RULES.all)) if (!words.includes(`"${keyword}"`)) ajv.removeKeyword(keyword);
  // It notes in each function which members it has seen, and which anchors are in force.
  if (!words.includes('"unevaluated')) ajv.opts.unevaluated = false;
  if (!words.includes('"$dynamic')) ajv.opts.dynamicRef = false;
  // It takes names for relative URIs, and resolves each reference several times.
  const { uriResolver } = ajv.opts;
  const resolve = (base: string, ref: string): string => (isSharedName(ref) ? ref : uriResolver.resolve(base, ref));
  ajv.opts.uriResolver = { ...uriResolver, resolve };
}

/** Whether schemas with these words name a member that every object inherits. */
export function namesInherited(words: string): boolean {
  return [...INHERITED].some((name) => words.includes(`"${name}"`));
}
