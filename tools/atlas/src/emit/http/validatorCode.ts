import type { AnyValidateFunction } from 'ajv/dist/types/index.js';

/** The code of compiled validators, in pieces of a module. */
export interface ValidatorCode {
  /** Constants that the functions use, each a statement. */
  readonly constants: readonly string[];
  /** The functions, each a declaration. */
  readonly functions: readonly string[];
}

/**
 * Collects the code of validators and of all validators that they call. ajv's own collector passes the code of a whole
 * module as arguments of one call, again for every export. That takes quadratic time, and overflows the stack for some
 * thousand exports. It also writes constants that no function uses. Validators in `often` judge a value only once.
 */
export function validatorCode(
  validators: readonly AnyValidateFunction[],
  often: ReadonlySet<AnyValidateFunction>,
): ValidatorCode {
  const constants = new Map<string, string>();
  const functions = new Map<string, string>();
  const evaluated: string[] = [];
  const queue = [...validators];
  const wrappers: string[] = [];
  for (const validator of queue) {
    const { source } = validator;
    if (source === undefined) throw new Error('ajv gives no code');
    const { validateName, validateCode, scopeValues } = source;
    const name = String(validateName);
    if (functions.has(name)) continue;
    const isOften = often.has(validator);
    // No operation has an underscore in its name, so the name is free.
    functions.set(name, isOften ? validateCode.replace(`function ${name}(`, `function judge_${name}(`) : validateCode);
    if (isOften) wrappers.push(`const ${name} = judgeOnce(judge_${name});`);
    if (source.evaluated !== undefined) evaluated.push(`${name}.evaluated = ${String(source.evaluated)};`);
    for (const value of Object.values(scopeValues).flatMap((set) => [...(set ?? [])])) {
      const constant = String(value);
      if (constants.has(constant) || !validateCode.includes(constant)) continue;
      const called = calledBy(value.value?.ref);
      if (called) queue.push(called);
      if (called && nameOf(called) === constant) continue;
      const text = value.value?.code ?? (called && `{validate: ${nameOf(called)}}`);
      if (text === undefined) throw new Error(`ajv gives no code of ${constant}`);
      constants.set(constant, `const ${constant} = ${String(text)};`);
    }
  }
  const isRead = [...functions.values()].some((text) => text.includes('.evaluated'));
  return {
    constants: [...wrappers, ...constants.values(), ...(isRead ? evaluated : [])],
    functions: [...functions.values()],
  };
}

/** The name of a validator in its code. */
export function nameOf({ source }: AnyValidateFunction): string {
  return String(source?.validateName);
}

/**
 * The validator behind a value of ajv's scope: the value itself, or the validator of a schema that was compiled later.
 */
function calledBy(ref: unknown): AnyValidateFunction | undefined {
  if (isValidator(ref)) return ref;
  const holds: unknown = typeof ref === 'object' && ref !== null && 'validate' in ref ? ref.validate : undefined;
  return isValidator(holds) ? holds : undefined;
}

function isValidator(value: unknown): value is AnyValidateFunction {
  return typeof value === 'function' && 'source' in value;
}
