export { type Mark } from '../inbox/limits.ts';
export { startReplay, type Replay, type ReplayOptions } from './startReplay.ts';
