export { serviceEnv, type ServiceEnv } from './serviceEnv.ts';
