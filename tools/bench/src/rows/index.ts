import type { Row } from '../row.ts';
import { breakingRow } from './breaking.ts';
import { codecRow } from './codec.ts';
import { consumerRow } from './consumer.ts';
import { eventCodeRow } from './eventCode.ts';
import { generateRow } from './generate.ts';
import { relayRow } from './relay.ts';
import { routeRow } from './route.ts';

export const ROWS: readonly Row[] = [generateRow, breakingRow, codecRow, consumerRow, eventCodeRow, relayRow, routeRow];
