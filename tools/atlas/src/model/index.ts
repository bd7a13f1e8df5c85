export { buildSystem, type BuildResult } from './buildSystem.ts';
