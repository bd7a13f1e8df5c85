import type { Budget } from './schemas.ts';

/** What one pair of schemas may cost. It counts and uses no clock, so that two runs say the same. */
export const BUDGET: Budget = { atoms: 256, splits: 2_000, states: 20_000, depth: 150 };
