import { effectsIn } from '../orders/effects.ts';
import { startTwoServices } from '../orders/erp.ts';
import { drafted, placed } from '../orders/rate.ts';
import { compared, quantile } from '../measure.ts';
import { NotMeasurable, type Row } from '../row.ts';

const ROUNDS = 3;
const WARMUP = 1;
const SECONDS = 8;
const FULL = 250;
const LIGHT = 50;

/** Orders through the whole system: HTTP, outbox, relay, Kafka and the consumer that reserves stock. */
export const ordersRow: Row = {
  id: 'orders',
  about: 'from placing an order over HTTP to the reserved stock in the other service, at 250 orders per second',
  needsStack: true,
  run: async (measuring) => {
    const erp = await startTwoServices();
    try {
      const effects = effectsIn(erp.log, 'onOrderPlaced');
      const full: number[][] = [];
      const light: number[][] = [];
      const beforeRound = measuring('orders: placed until reserved');
      for (let round = -WARMUP; round < ROUNDS; round++) {
        beforeRound(round + WARMUP + 1, ROUNDS + WARMUP);
        for (const [perSecond, taken] of [
          [LIGHT, light],
          [FULL, full],
        ] as const) {
          const drafts = await drafted(erp, perSecond * SECONDS);
          await placed(erp, drafts, perSecond);
          const latencies = await effects.next(drafts.length);
          if (!latencies) throw new NotMeasurable(`not all of ${drafts.length} orders were reserved in time`);
          if (round >= 0) taken.push([...latencies]);
        }
      }
      const at = (q: number, rounds: readonly number[][]) => rounds.map((latencies) => quantile(latencies, q));
      return [
        {
          title: `orders: placed until reserved, at ${FULL} orders/s`,
          unit: 'ms',
          comparison: compared({ name: '99 of 100 orders', values: at(0.99, full) }, [
            { name: 'half of the orders', values: at(0.5, full) },
            { name: `99 of 100 at ${LIGHT} orders/s`, values: at(0.99, light) },
          ]),
          note: 'from the begin of the command to the commit of its effect in the other service, for 8 seconds; two services, Postgres, Kafka and the client share the machine; the drafts are made before',
        },
      ];
    } finally {
      await erp.stop();
    }
  },
};
