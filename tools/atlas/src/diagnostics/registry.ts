import { checkCodes } from '../check/codes.ts';
import { irCodes } from '../ir/codes.ts';
import { loadCodes } from '../load/codes.ts';
import type { CodeInfo } from './codeInfo.ts';
import { avroCodes } from './codes/avro.ts';
import { laterCodes } from './codes/later.ts';

/** Every code that atlas can give, sorted. A test finds those in the source that are missing here. */
export const allCodes: readonly CodeInfo[] = [
  ...loadCodes,
  ...checkCodes,
  ...avroCodes,
  ...irCodes,
  ...laterCodes,
].toSorted((left, right) => (left.code < right.code ? -1 : 1));

const byCode: ReadonlyMap<string, CodeInfo> = new Map(allCodes.map((info) => [info.code, info]));

/** What a code means, with an example that breaks it and one that doesn't; undefined for an unknown code. */
export function explainCode(code: string): CodeInfo | undefined {
  return byCode.get(code.toUpperCase());
}
