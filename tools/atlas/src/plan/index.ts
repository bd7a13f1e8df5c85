export { plan, type PlanResult } from './plan.ts';
export type { CompiledPart, Content, Family, PlannedFile } from './plannedFile.ts';
