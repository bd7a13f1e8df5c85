export * from './avro.ts';
export * from './code.ts';
export * from './http.ts';
export * from './json.ts';
export * from './plumbing.ts';
export * from './pointer.ts';
export type * from './events.ts';
export type * from './location.ts';
export type * from './system.ts';
