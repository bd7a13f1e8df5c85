import type { CompiledSchema } from '../../../jsonschema/compiled.ts';
declare const validate: CompiledSchema;
export default validate;
