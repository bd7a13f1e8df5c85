import type { Budget } from './schemas.ts';

/** The work that one pair of schemas may cost. Work is counted and not timed, so that two runs give the same answer. */
export const BUDGET: Budget = { atoms: 256, splits: 2_000, states: 20_000, depth: 150 };
