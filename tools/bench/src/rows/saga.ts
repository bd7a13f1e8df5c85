import { startSaga, type SagaSystem } from '../saga/system.ts';
import { compared, quantile } from '../measure.ts';
import type { Row } from '../row.ts';

const ROUNDS = 3;
const WARMUP = 1;
const IN_FLIGHT = 16;
const ORDERS = 160;
const ORDERS_ALONE = 20;

/** The times of one round of orders. */
interface Round {
  readonly perSecond: number;
  /** Milliseconds from placing to release, for each order. */
  readonly released: readonly number[];
}

/** The happy path through all services and the provider: placed, approved by the policy, invoiced, paid, shipped. */
export const sagaRow: Row = {
  id: 'saga',
  about: 'orders from placing to FULFILLED through all services, the provider answering at once',
  needsStack: true,
  run: async (measuring) => {
    const system = await startSaga();
    try {
      const many: Round[] = [];
      const alone: Round[] = [];
      const beforeRound = measuring('saga: placed until fulfilled');
      for (let round = -WARMUP; round < ROUNDS; round++) {
        beforeRound(round + WARMUP + 1, ROUNDS + WARMUP);
        const one = await roundOf(system, 1, ORDERS_ALONE);
        const full = await roundOf(system, IN_FLIGHT, ORDERS);
        if (round < 0) continue;
        alone.push(one);
        many.push(full);
      }
      const at = (q: number, rounds: readonly Round[]) => rounds.map(({ released }) => quantile([...released], q));
      return [
        {
          title: `saga: placed until fulfilled, ${IN_FLIGHT} in flight`,
          unit: 'orders/s',
          comparison: compared({ name: 'orders', values: many.map(({ perSecond }) => perSecond) }, [
            { name: 'one in flight', values: alone.map(({ perSecond }) => perSecond) },
          ]),
          note: 'four services, the provider, Postgres, Kafka and the client share the machine; each order is shipped whole as soon as it is released',
        },
        {
          title: `saga: placed until released, ${IN_FLIGHT} in flight`,
          unit: 'ms',
          comparison: compared({ name: '99 of 100 orders', values: at(0.99, many) }, [
            { name: 'half of the orders', values: at(0.5, many) },
            { name: 'half of the orders, one in flight', values: at(0.5, alone) },
          ]),
          note: 'from the request to the OrderReleased that is read from Kafka; the policy approves at once',
        },
      ];
    } finally {
      await system.stop();
    }
  },
};

async function roundOf(system: SagaSystem, inFlight: number, orders: number): Promise<Round> {
  const released: number[] = [];
  const began = performance.now();
  const worker = async (): Promise<void> => {
    for (let left = orders / inFlight; left > 0; left--) {
      const started = performance.now();
      const order = await system.place();
      await system.sees(order.orderId, 'OrderReleased');
      released.push(performance.now() - started);
      await system.ship(order);
      await system.sees(order.orderId, 'OrderFulfilled');
    }
  };
  await Promise.all(Array.from({ length: inFlight }, worker));
  return { perSecond: orders / ((performance.now() - began) / 1_000), released };
}
