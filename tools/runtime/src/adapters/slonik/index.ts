export { freshnessOf, type Freshness } from './freshness.ts';
export type { PoolOptions } from './pool.ts';
export { rows } from './session.ts';
export { readOf, slonikOf, txOf } from './session.ts';
export { sqlStateOf } from './sqlState.ts';
export { slonikStore } from './store.ts';
