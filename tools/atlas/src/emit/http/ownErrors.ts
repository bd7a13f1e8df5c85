import { childPointer } from '@atlas/ir';
import type { Code } from 'ajv/dist/compile/codegen/code.js';
import type { KeywordErrorCxt, KeywordErrorDefinition } from 'ajv/dist/types/index.js';
import type { Codegen } from './ownKeywords.ts';

type Errors = typeof import('ajv/dist/compile/errors.js');

/**
 * Runs a compilation in which ajv writes an error as we need it: the pointer and the text of a problem, in one
 * statement. Its own errors have five members, most of which nobody reads, and each takes five statements. Only
 * the code of a generated module calls what these statements call.
 */
export function withOwnErrors<Result>(errors: Errors, codegen: Codegen, compile: () => Result): Result {
  const { reportError, reportExtraError } = errors;
  const own = ownErrors(codegen);
  Object.assign(errors, { reportError: own, reportExtraError: own });
  try {
    return compile();
  } finally {
    Object.assign(errors, { reportError, reportExtraError });
  }
}

/** Where the error of these keywords belongs: to a member, which has its name in this parameter. */
const OF_MEMBERS: ReadonlyMap<string, { readonly name: string; readonly detail: string }> = new Map([
  ['required', { name: 'missingProperty', detail: 'is required' }],
  ['dependentRequired', { name: 'missingProperty', detail: 'is required' }],
  ['additionalProperties', { name: 'additionalProperty', detail: 'is not a known property' }],
  ['unevaluatedProperties', { name: 'unevaluatedProperty', detail: 'is not a known property' }],
]);

function ownErrors(codegen: Codegen): (cxt: KeywordErrorCxt, definition: KeywordErrorDefinition) => void {
  const { _, str, strConcat, Name } = codegen;
  const [instancePath, memberOf] = [new Name('instancePath'), new Name('memberOf')];
  const pointerOf = ({ keyword, it, params }: KeywordErrorCxt): Code => {
    const value = strConcat(instancePath, it.errorPath);
    const member = OF_MEMBERS.get(keyword);
    if (!member) return value;
    const name = params[member.name] ?? '';
    const text = String(name);
    return text.startsWith('"')
      ? strConcat(instancePath, str`${it.errorPath}${childPointer('', String(JSON.parse(text)))}`)
      : _`${memberOf}(${value}, ${name})`;
  };
  const error = errorCode(codegen);
  return (cxt, definition) => {
    // In `not` and `if`, errors only count.
    const isSilent = cxt.it.createErrors === false;
    cxt.gen.code(isSilent ? counting(codegen) : error(pointerOf(cxt), detailOf(cxt, definition, codegen)));
  };
}

function counting({ _, Name }: Codegen): Code {
  return _`${new Name('errors')} += 1`;
}

/** The statements that count an error, and report it if its caller takes more. */
function errorCode(codegen: Codegen): (pointer: Code, detail: Code) => Code {
  const { _, Name } = codegen;
  const [found, errors] = [new Name('vErrors'), new Name('errors')];
  const [room, report] = [new Name('room'), new Name('report')];
  const counted = counting(codegen);
  return (pointer, detail) =>
    _`if(${errors} < ${room})${found} = ${report}(${found}, ${pointer}, ${detail});${counted}`;
}

/** What is wrong, in words. */
function detailOf(cxt: KeywordErrorCxt, { message }: KeywordErrorDefinition, { _, _Code }: Codegen): Code {
  switch (cxt.keyword) {
    case 'if':
      // It only says that something inside failed, and the error inside says it better: `problems` leaves it out.
      return _`${''}`;
    case 'false schema':
      return _`${'must not be sent'}`;
    case 'enum':
      return _`${enumDetail(cxt.schema)}`;
    case 'const':
      return _`${`must be ${JSON.stringify(cxt.schema)}`}`;
    case 'format':
      return _`${`must be a valid ${String(cxt.schema)}`}`;
    default: {
      const member = OF_MEMBERS.get(cxt.keyword);
      if (member) return _`${member.detail}`;
      const text = typeof message === 'function' ? message(cxt) : message;
      const calm = (part: string): string => part.replace('must NOT', 'must not');
      if (typeof text === 'string') return _`${calm(text)}`;
      return text instanceof _Code
        ? new _Code(text._items.map((item) => (typeof item === 'string' ? calm(item) : item)))
        : text;
    }
  }
}

/** The most values that an error lists. */
const MOST_LISTED = 10;

/** What is wrong with a value that is none of these. */
export function enumDetail(values: unknown): string {
  const list: readonly unknown[] = Array.isArray(values) ? values : [];
  const shown = list.slice(0, MOST_LISTED).map((value) => JSON.stringify(value));
  return `must be one of ${list.length > shown.length ? `${shown.join(', ')}, ...` : shown.join(', ')}`;
}
