export { type Mark } from './limitedPort.ts';
export { startReplay, type Replay, type ReplayOptions } from './startReplay.ts';
