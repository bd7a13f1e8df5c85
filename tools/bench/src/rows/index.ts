import type { Row } from '../row.ts';
import { generateRow } from './generate.ts';

export const ROWS: readonly Row[] = [generateRow];
