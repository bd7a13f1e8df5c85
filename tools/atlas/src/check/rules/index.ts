import type { Rule } from '../rule.ts';
import { asyncapiRules } from './asyncapi/index.ts';
import { avroRules } from './avro/index.ts';
import { foreignRules, openapiRules } from './openapi/index.ts';
import { systemRules } from './system/index.ts';

export { foreignRules };

/** Atlas's own rules: one per file, one folder per area. */
export const rules: readonly Rule[] = [...openapiRules, ...asyncapiRules, ...avroRules, ...systemRules];
