export type { FaultKind, NewFault, RandomFaults } from './provider/faults.ts';
export { startSandbox, type Sandbox, type SandboxOptions } from './startSandbox.ts';
