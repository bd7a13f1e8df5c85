export { run } from './cli/main.ts';
export { checked, emitted } from './cli/pipeline.ts';
export { formats, render, type Diagnostic, type Format } from './diagnostics/index.ts';
export { register, type RegisteredSpecs, type RegisterSpecsOptions } from './register/index.ts';
