import type { Budget } from './schemas.ts';

/** What one pair of schemas may cost. Counters and no clock: two runs say the same. */
export const BUDGET: Budget = { atoms: 256, splits: 2_000, states: 20_000, depth: 150 };
