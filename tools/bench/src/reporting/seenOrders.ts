import { succeeded } from '@atlas/runtime/client';
import { reportingClient } from '@atlas/generated-reporting/client';
import { mintToken, type StackInfo } from '@atlas/stack';
import pg from 'pg';
import { NotMeasurable } from '../row.ts';

const LOOK_EVERY_MS = 5;
const PATIENCE_MS = 60_000;

/** How long it takes until the timelines of orders have the event that tells of their placing. */
export interface SeenOrders {
  /** Begins to look for an order. */
  watch(orderId: string): void;
  /**
   * Milliseconds from the begin of the command, which is the time of its event, until each watched order was seen.
   * Resolves once all are, and forgets them. A little more than from the commit, of which nothing keeps the time.
   */
  all(): Promise<ReadonlyMap<string, number>>;
  /** Throws if the timeline over HTTP does not say that the order was placed. */
  check(orderId: string): Promise<void>;
  stop(): Promise<void>;
}

export interface SeenOrdersOptions {
  readonly info: StackInfo;
  readonly url: string;
  readonly databaseUrl: string;
}

/**
 * Looks at the table that `getOrderTimeline` reads, for all watched orders at once, so that looking costs little. A row
 * is visible to the operation as soon as it is visible here.
 */
export async function seenOrders({ info, url, databaseUrl }: SeenOrdersOptions): Promise<SeenOrders> {
  const client = new pg.Client(databaseUrl);
  await client.connect();
  const token = await mintToken(info, { sub: 'bench', roles: ['ops'] });
  const reporting = reportingClient({ baseUrl: url, token });
  const pending = new Set<string>();
  let seen = new Map<string, number>();
  const stopping = new AbortController();
  const look = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      const began = performance.now();
      const { rows } = await client.query<{ subject_id: string; occurred_at: Date }>({
        name: 'seen',
        text: `SELECT subject_id, occurred_at FROM timeline_entry
          WHERE subject_id = ANY($1::uuid[]) AND type = 'OrderPlaced'`,
        values: [[...pending]],
      });
      const now = performance.now();
      // the service has another process, but the same clock
      const at = Date.now();
      for (const { subject_id, occurred_at: placedAt } of rows)
        if (pending.delete(subject_id)) seen.set(subject_id, at - placedAt.getTime());
      await new Promise((resolve) => setTimeout(resolve, Math.max(0, LOOK_EVERY_MS - (now - began))));
    }
  };
  const looking = look();
  return {
    watch: (orderId) => void pending.add(orderId),
    all: async () => {
      for (const end = performance.now() + PATIENCE_MS; pending.size > 0;) {
        if (performance.now() > end) throw new NotMeasurable(`${pending.size} orders are not in the timeline in time`);
        await Promise.race([looking, new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS))]);
      }
      const found = seen;
      seen = new Map();
      return found;
    },
    check: async (orderId) => {
      const { body } = succeeded(await reporting.getOrderTimeline({ params: { orderId } }));
      if (!JSON.stringify(body).includes('OrderPlaced')) throw new NotMeasurable(`${orderId} is not placed`);
    },
    stop: async () => {
      stopping.abort();
      await looking;
      await client.end();
    },
  };
}
