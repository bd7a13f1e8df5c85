/**
 * What generated validators and serialisers call: run-time parts, and nothing that compiles. Only
 * `generated/<service>/http/compiled` imports it.
 */
export { formats, serializer } from './vendor.ts';
export { joinErrors } from './joinErrors.ts';
export { problems } from './problems.ts';
export { equal, ucs2length } from './values.ts';
