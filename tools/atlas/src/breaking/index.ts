export type * from './finding.ts';
export type * from './rule.ts';
export type * from './schemas.ts';
export { compareSchemas } from './report/compareSchemas.ts';
