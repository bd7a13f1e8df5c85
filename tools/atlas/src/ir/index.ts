export { buildSystem, type BuildResult } from './buildSystem.ts';
export { Bundle } from './http/bundle.ts';
