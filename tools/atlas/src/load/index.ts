export type * from '../document/cursor.ts';
export { load, type LoadResult } from './load.ts';
