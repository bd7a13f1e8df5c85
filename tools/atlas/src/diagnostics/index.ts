export type { Diagnostic } from './diagnostic.ts';
export type { CodeInfo } from './codeInfo.ts';
export { allCodes, explainCode } from './registry.ts';
export { formats, render, type Format, type RenderOptions } from './render.ts';
export { sortDiagnostics } from './sort.ts';
