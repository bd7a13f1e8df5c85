/**
 * What generated validators and serialisers call: ajv's and fast-json-stringify's run-time parts, and nothing that
 * compiles. `generated/<service>/http/compiled` is the only importer.
 */
export { equal, formats, serializer, ucs2length } from './vendor.ts';
export { joinErrors } from './joinErrors.ts';
export { problems } from './problems.ts';
