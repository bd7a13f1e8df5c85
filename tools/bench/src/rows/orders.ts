import { type Effects, effectsIn } from '../orders/effects.ts';
import { startTwoServices, type TwoServices } from '../orders/erp.ts';
import { drafted, placed } from '../orders/rate.ts';
import { type BeforeRound, compared, median, quantile } from '../measure.ts';
import { NotMeasurable, type Row } from '../row.ts';

const ROUNDS = 3;
const SECONDS = 8;
const FULL = 250;
const LIGHT = 50;

/** Rates before the full one. New processes are several times slower, so the full rate would refuse orders. */
const RISING = [LIGHT, 100, 175];
/** Processes are warm once half of the orders are at most this much faster than in the round before. */
const WARM = 0.9;
const MOST_AT_FULL_RATE = 5;

/** Orders through the whole system: HTTP, outbox, relay, Kafka and the consumer that reserves stock. */
export const ordersRow: Row = {
  id: 'orders',
  about: 'from placing an order over HTTP to the reserved stock in the other service, at 250 orders per second',
  needsStack: true,
  run: async (measuring) => {
    const erp = await startTwoServices();
    try {
      const effects = effectsIn(erp.log, 'reserveStock');
      const round = (perSecond: number): Promise<readonly number[]> => latenciesOf(erp, effects, perSecond);
      await warmUp(round, measuring('orders: warming up'));
      const full: (readonly number[])[] = [];
      const light: (readonly number[])[] = [];
      const beforeRound = measuring('orders: placed until reserved');
      for (let count = 1; count <= ROUNDS; count++) {
        beforeRound(count, ROUNDS);
        light.push(await round(LIGHT));
        full.push(await round(FULL));
      }
      const at = (q: number, rounds: readonly (readonly number[])[]) => rounds.map((waits) => quantile(waits, q));
      return [
        {
          title: `orders: placed until reserved, at ${FULL} orders/s`,
          unit: 'ms',
          comparison: compared({ name: '99 of 100 orders', values: at(0.99, full) }, [
            { name: 'half of the orders', values: at(0.5, full) },
            { name: `99 of 100 at ${LIGHT} orders/s`, values: at(0.99, light) },
          ]),
          note: `from the begin of the command to the commit of its effect in the other service, for ${SECONDS} seconds; two services, Postgres, Kafka and the client share the machine; the client writes and reads the bytes of HTTP itself, so that it takes little of it; the drafts are made before; the services were warmed up with the same rate`,
        },
      ];
    } finally {
      await erp.stop();
    }
  },
};

/** Milliseconds of each order of a round. Throws `NotMeasurable` if an order is refused or not reserved in time. */
async function latenciesOf(erp: TwoServices, effects: Effects, perSecond: number): Promise<readonly number[]> {
  const drafts = await drafted(erp, perSecond * SECONDS);
  await placed(erp, drafts, perSecond);
  const latencies = await effects.next(drafts.length);
  if (!latencies) throw new NotMeasurable(`not all of ${drafts.length} orders were reserved in time`);
  return latencies;
}

/** Places orders until the full rate does not get faster any more. */
async function warmUp(
  round: (perSecond: number) => Promise<readonly number[]>,
  beforeRound: BeforeRound,
): Promise<void> {
  const most = RISING.length + MOST_AT_FULL_RATE;
  for (const [index, perSecond] of RISING.entries()) {
    beforeRound(index + 1, most);
    await round(perSecond);
  }
  let before = Infinity;
  for (let count = RISING.length + 1; count <= most; count++) {
    beforeRound(count, most);
    const half = median(await round(FULL));
    if (half > before * WARM) return;
    before = half;
  }
}
