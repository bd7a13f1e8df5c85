import { planCodes } from '../../plan/codes.ts';
import { registerCodes } from '../../register/codes.ts';
import { writeCodes } from '../../write/codes.ts';
import type { CodeInfo } from '../codeInfo.ts';

/** Codes of the stages behind the model: plan (ATL6xxx), write (ATL7xxx), register (ATL8xxx). */
export const laterCodes: readonly CodeInfo[] = [...planCodes, ...writeCodes, ...registerCodes];
