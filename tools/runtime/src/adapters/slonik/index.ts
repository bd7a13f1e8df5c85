export { freshnessOf, type Freshness } from './freshness.ts';
export { openTransaction, type OpenTransaction, type TransactionOptions } from './openTransaction.ts';
export type { PoolOptions } from './pool.ts';
export { rows } from './session.ts';
export { queueWrite, readOf, slonikOf, txOf } from './session.ts';
export { rowsOf } from './rowsOf.ts';
export { openSnapshot, type Snapshot } from './snapshot.ts';
export { sqlStateOf } from './sqlState.ts';
export { slonikStore } from './store.ts';
