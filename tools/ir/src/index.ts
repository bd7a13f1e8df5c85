export * from './avro.ts';
export type * from './events.ts';
export type * from './http.ts';
export type * from './location.ts';
export type * from './system.ts';
export { isList, isObject, isRecord, type JsonObject, type JsonValue } from './json.ts';
export { Code, code, comment, ident, join, lit, member, propertyKey, type Interpolation } from './code.ts';
export { inNamespace } from './avroText.ts';
export { irFromAsyncApi, type FromAsyncApi, type ServiceOfDocument } from './asyncapi/irFromAsyncApi.ts';
