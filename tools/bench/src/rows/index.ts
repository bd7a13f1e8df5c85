import type { Row } from '../row.ts';
import { codecRow } from './codec.ts';
import { consumerRow } from './consumer.ts';
import { generateRow } from './generate.ts';
import { ordersRow } from './orders.ts';
import { relayRow } from './relay.ts';
import { routeRow } from './route.ts';

export const ROWS: readonly Row[] = [generateRow, codecRow, routeRow, relayRow, consumerRow, ordersRow];
