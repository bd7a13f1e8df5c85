export type * from './avro.ts';
export type * from './events.ts';
export type * from './http.ts';
export type * from './json.ts';
export type * from './location.ts';
export type * from './system.ts';
export { Code, code, comment, ident, join, lit, member, propertyKey, type Interpolation } from './code.ts';
export { avroModel } from './avroModel.ts';
export { canonicalAvro, inNamespace, namespaceOf } from './avroText.ts';
