export { run } from './cli/main.ts';
export { checked, emitted } from './pipeline.ts';
export type { Diagnostic } from './diagnostics/diagnostic.ts';
export { formats, render, type Format } from './report/render.ts';
export { register, type Registered, type RegisterOptions } from './register/register.ts';
