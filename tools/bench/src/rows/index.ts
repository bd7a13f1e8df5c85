import type { Row } from '../row.ts';
import { breakingRow } from './breaking.ts';
import { codecRow } from './codec.ts';
import { consumerRow } from './consumer.ts';
import { eventCodeRow } from './eventCode.ts';
import { gatewayRow } from './gateway.ts';
import { freshnessRow } from './freshness.ts';
import { generateRow } from './generate.ts';
import { generateGithubRow, generateLargeRow } from './generateLarge.ts';
import { ordersRow } from './orders.ts';
import { rebuildRow } from './rebuild.ts';
import { relayRow } from './relay.ts';
import { routeRow } from './route.ts';
import { sagaRow } from './saga.ts';
import { searchRow } from './search.ts';
import { setsRow } from './sets.ts';
import { systemRow } from './system.ts';
import { timersRow } from './timers.ts';

export const ROWS: readonly Row[] = [
  generateRow,
  generateLargeRow,
  generateGithubRow,
  eventCodeRow,
  breakingRow,
  codecRow,
  routeRow,
  gatewayRow,
  relayRow,
  timersRow,
  consumerRow,
  setsRow,
  ordersRow,
  sagaRow,
  systemRow,
  searchRow,
  rebuildRow,
  freshnessRow,
];
