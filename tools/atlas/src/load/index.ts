export type * from './cursor.ts';
export { load, type LoadResult } from './load.ts';
