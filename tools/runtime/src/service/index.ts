export { runService } from './runService.ts';
export { serviceEnv, type ServiceEnv } from './serviceEnv.ts';
export { startService, type RunningService, type ServiceOptions } from './startService.ts';
