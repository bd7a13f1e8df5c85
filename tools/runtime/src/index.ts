export type * from './contract/gateway.ts';
export type * from './contract/handler.ts';
export type * from './contract/later.ts';
export type * from './contract/message.ts';
export type * from './contract/operation.ts';
export type * from './contract/service.ts';
export { AtlasError, VersionConflict } from './contract/atlasError.ts';
export { aggregateOf } from './outbox/aggregateOf.ts';
export { checkIfMatch, matchesTag } from './http/etag.ts';
