import type { Rule } from '../../rule.ts';
import { avroPayload } from './avroPayload.ts';
import { messageDuplicate } from './messageDuplicate.ts';

/** Rules about Avro payloads. */
export const avroRules: readonly Rule[] = [avroPayload, messageDuplicate];
