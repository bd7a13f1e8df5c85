import { compared, quantile } from '../measure.ts';
import { drafted, placed } from '../orders/rate.ts';
import { type ReportedErp, startReportedErp } from '../reporting/erp.ts';
import { NotMeasurable, type Row } from '../row.ts';

const ROUNDS = 3;
const WARMUP = 1;
const SECONDS = 10;
const PER_SECOND = 50;

/** Milliseconds from the begin of a command until its order is in the timeline. */
export const freshnessRow: Row = {
  id: 'freshness',
  about: 'from a placed order to its timeline in Reporting, at 50 orders per second through all services',
  needsStack: true,
  run: async (measuring) => {
    const erp = await startReportedErp();
    try {
      const rounds: (readonly number[])[] = [];
      const title = `freshness: placed until in the timeline, at ${PER_SECOND} orders/s`;
      const beforeRound = measuring(title);
      for (let round = -WARMUP; round < ROUNDS; round++) {
        beforeRound(round + WARMUP + 1, ROUNDS + WARMUP);
        const waits = await roundOf(erp);
        if (round >= 0) rounds.push(waits);
      }
      const at = (q: number) => rounds.map((waits) => quantile(waits, q));
      return [
        {
          title,
          unit: 'ms',
          comparison: compared({ name: '99 of 100 orders', values: at(0.99) }, [
            { name: 'half of the orders', values: at(0.5) },
          ]),
          note: 'from the begin of placeOrder in Orders, which is the time of the event, until getOrderTimeline can read it, looked at every 5 ms in its table; so the transaction of the command is part of it; for 10 seconds, in which the orders go on to approval, invoice and payment; five services, the provider, Postgres, Kafka and the client share the machine',
        },
      ];
    } finally {
      await erp.stop();
    }
  },
};

/** Milliseconds of each order of a round. */
async function roundOf({ draft, place, seen }: ReportedErp): Promise<readonly number[]> {
  const drafts = await drafted({ draft }, PER_SECOND * SECONDS);
  const watchedPlace: ReportedErp['place'] = async (order) => {
    seen.watch(order.orderId);
    await place(order);
  };
  await placed({ place: watchedPlace }, drafts, PER_SECOND);
  const waits = await seen.all();
  const [first] = waits.keys();
  if (first === undefined) throw new NotMeasurable('no order was placed');
  await seen.check(first);
  return [...waits.values()];
}
