export { plan, type PlanResult } from './plan.ts';
export type { Content, Contents, Kind, PlannedFile } from './plannedFile.ts';
