export { emit, mayRefuse, type EmitOptions, type EmitResult, type EmittedFile } from './emit.ts';
export { catalog } from './catalog.ts';
