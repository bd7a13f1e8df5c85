import { type BeforeRound, compared, quantile } from '../measure.ts';
import { drafted, placed } from '../orders/rate.ts';
import { type ReportedErp, startReportedErp } from '../reporting/erp.ts';
import { type Measured, NotMeasurable, type Row } from '../row.ts';

const ROUNDS = 3;
const WARMUP = 1;
const SECONDS = 10;
/** The goal is for the second rate, at which the services wait for the processor. The first rate leaves it idle. */
const RATES = [5, 50];

/** Milliseconds from the begin of a command until its order is in the timeline. */
export const freshnessRow: Row = {
  id: 'freshness',
  about: 'from a placed order to its timeline in Reporting, at 5 and 50 orders per second through all services',
  needsStack: true,
  run: async (measuring) => {
    const erp = await startReportedErp();
    try {
      const lines: Measured[] = [];
      for (const rate of RATES) {
        const title = `freshness: placed until in the timeline, at ${rate} orders/s`;
        lines.push(lineOf(title, await roundsAt(rate, erp, measuring(title))));
      }
      return lines;
    } finally {
      await erp.stop();
    }
  },
};

async function roundsAt(
  rate: number,
  erp: ReportedErp,
  beforeRound: BeforeRound,
): Promise<readonly (readonly number[])[]> {
  const rounds: (readonly number[])[] = [];
  for (let round = -WARMUP; round < ROUNDS; round++) {
    beforeRound(round + WARMUP + 1, ROUNDS + WARMUP);
    const waits = await roundOf(erp, rate);
    if (round >= 0) rounds.push(waits);
  }
  return rounds;
}

function lineOf(title: string, rounds: readonly (readonly number[])[]): Measured {
  const at = (q: number) => rounds.map((waits) => quantile(waits, q));
  return {
    title,
    unit: 'ms',
    comparison: compared({ name: '99 of 100 orders', values: at(0.99) }, [
      { name: 'half of the orders', values: at(0.5) },
    ]),
    note: 'from the begin of placeOrder in Orders, which is the time of the event, until getOrderTimeline can read it, looked at every 5 ms in its table; so the transaction of the command is part of it; for 10 seconds, in which the orders go on to approval, invoice and payment; five services, the provider, Postgres, Kafka and the client share the machine',
  };
}

/** Milliseconds of each order of a round. */
async function roundOf({ draft, place, seen }: ReportedErp, rate: number): Promise<readonly number[]> {
  const drafts = await drafted({ draft }, rate * SECONDS);
  const watchedPlace: ReportedErp['place'] = async (order) => {
    seen.watch(order.orderId);
    await place(order);
  };
  await placed({ place: watchedPlace }, drafts, rate);
  const waits = await seen.all();
  const [first] = waits.keys();
  if (first === undefined) throw new NotMeasurable('no order was placed');
  await seen.check(first);
  return [...waits.values()];
}
