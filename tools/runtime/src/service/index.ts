export type { OwnGauge } from './ownGauges.ts';
export { runService } from './runService.ts';
export { serviceEnv, type ServiceEnv } from './serviceEnv.ts';
export { type RunningService } from './startProcess.ts';
export { startService, type ServiceOptions } from './startService.ts';
