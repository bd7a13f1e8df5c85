import type { Row } from '../row.ts';
import { breakingRow } from './breaking.ts';
import { codecRow } from './codec.ts';
import { consumerRow } from './consumer.ts';
import { eventCodeRow } from './eventCode.ts';
import { generateRow } from './generate.ts';
import { relayRow } from './relay.ts';
import { routeRow } from './route.ts';

<<<<<<< HEAD
export const ROWS: readonly Row[] = [generateRow, breakingRow, codecRow, routeRow, relayRow, consumerRow];
=======
export const ROWS: readonly Row[] = [generateRow, eventCodeRow, codecRow, routeRow, relayRow, consumerRow];
>>>>>>> main
