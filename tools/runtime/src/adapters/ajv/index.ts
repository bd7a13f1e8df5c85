/**
 * The functions that generated validators and serialisers call when they run. Nothing here compiles schemas. Only
 * `generated/<service>/http/compiled` imports it.
 */
// A reference, because a file of declarations has nothing to import, and repositories that only use the package compile
// it too.
// oxlint-disable-next-line typescript/triple-slash-reference -- see above
/// <reference path="./fastJsonStringify.d.ts" />
import { fullFormats } from 'ajv-formats/dist/formats.js';
import Serializer from 'fast-json-stringify/lib/serializer.js';

export { judgeOnce } from './judgeOnce.ts';
export { joinErrors, MAX_COLLECTED, memberOf, problems, report } from './problems.ts';
export { automaton } from './automaton.ts';
export { matcher, type Machine, type MatcherProgram } from './matcher.ts';
export { equal, isMultiple, isUnique, ucs2length } from './values.ts';

/** The formats that need more than a regular expression: dates must exist, int64 has bounds. */
export const formats = fullFormats;

/** Writers of single values, shared by all generated serialisers. */
export const serializer = new Serializer({ mode: 'standalone' });
