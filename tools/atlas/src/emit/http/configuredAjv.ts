import type { Ajv2020 } from 'ajv/dist/2020.js';
import { expressionOf } from '../../jsonschema/pattern/expression.ts';
import { INHERITED } from './inheritedNames.ts';
import { isSharedName } from './schemaSet.ts';

/** The one format that validators read more narrowly than ajv-formats, because databases do not accept `urn:uuid:`. */
export const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** In characters. ajv's optimiser saves a tenth of the code, but takes too long for more: as long as its compiler. */
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
 * the validators only have their code as `source` and judge nothing, because the engine does not parse that code. This
 * saves a fifth of the time.
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

/** Turns off work of ajv that changes nothing for schemas with these words. This saves a tenth of its time. */
function forTheseOnly(ajv: Ajv2020, words: string): void {
  // For each schema, ajv looks for every keyword that it knows.
  for (const keyword of Object.keys(ajv.RULES.all)) if (!words.includes(`"${keyword}"`)) ajv.removeKeyword(keyword);
  // Its functions note which members were evaluated, and which dynamic anchors apply.
  if (!words.includes('"unevaluated')) ajv.opts.unevaluated = false;
  if (!words.includes('"$dynamic')) ajv.opts.dynamicRef = false;
  // It treats names as relative URIs, and resolves each reference several times.
  const { uriResolver } = ajv.opts;
  const resolve = (base: string, ref: string): string => (isSharedName(ref) ? ref : uriResolver.resolve(base, ref));
  ajv.opts.uriResolver = { ...uriResolver, resolve };
}

const ANY_INHERITED = new RegExp(`"(?:${[...INHERITED].join('|')})"`);

/** Whether schemas with these words name a member that every object inherits. */
export function namesInherited(words: string): boolean {
  return ANY_INHERITED.test(words);
}
