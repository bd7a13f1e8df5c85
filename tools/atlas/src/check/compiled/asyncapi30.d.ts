import type { CompiledSchema } from '../schema/compiled.ts';
declare const validate: CompiledSchema;
export default validate;
