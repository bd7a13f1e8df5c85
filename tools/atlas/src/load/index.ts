export type { Cursor } from '../document/cursor.ts';
export type * from '../document/workspace.ts';
export { load, type LoadResult } from './load.ts';
