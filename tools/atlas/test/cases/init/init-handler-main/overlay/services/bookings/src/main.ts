import { contract } from '@atlas/generated-bookings';
import { start } from './start.ts';

await start(contract);
