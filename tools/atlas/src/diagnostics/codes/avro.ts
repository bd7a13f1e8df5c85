import type { CodeInfo } from '../codeInfo.ts';

/** Codes of the Avro reader (ATL4xxx). */
export const avroCodes: readonly CodeInfo[] = [];
