import { checkCodes } from '../check/codes.ts';
import { initCodes } from '../init/codes.ts';
import { modelCodes } from '../model/codes.ts';
import { loadCodes } from '../load/codes.ts';
import type { CodeInfo } from '../diagnostics/diagnostic.ts';
import { avroCodes } from '../read/avro/codes.ts';
import { planCodes } from '../plan/codes.ts';
import { breakingCodes } from '../breaking/accepted/codes.ts';
import { registerCodes } from '../register/codes.ts';
import { writeCodes } from '../write/codes.ts';

/** All diagnostic codes, sorted. A test finds codes in the source that are missing here. */
export const allCodes: readonly CodeInfo[] = [
  ...loadCodes,
  ...checkCodes,
  ...avroCodes,
  ...modelCodes,
  ...planCodes,
  ...writeCodes,
  ...registerCodes,
  ...breakingCodes,
  ...initCodes,
].toSorted((left, right) => (left.code < right.code ? -1 : 1));

const byCode: ReadonlyMap<string, CodeInfo> = new Map(allCodes.map((info) => [info.code, info]));

/** The explanation of a code, in any case; undefined if it is unknown. */
export function explainCode(code: string): CodeInfo | undefined {
  return byCode.get(code.toUpperCase());
}
