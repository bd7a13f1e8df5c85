import { EventLog } from '../src/invariants/log.ts';
import { balancesOf } from '../src/invariants/money.ts';
import { type Goods, readLevel, readOrder } from '../src/story/goods.ts';
import { eventsIn } from '../src/topics/eventOf.ts';
import type { Isolated } from './isolated.ts';

/** The final state of an order. */
export interface End {
  readonly state: string;
  /** The stock in the warehouse of its goods, which no other order uses. */
  readonly stock: string;
  /**
   * Debits minus credits, in cents, of each account that a journal about the order names. Debits equal credits, so the
   * sum is zero.
   */
  readonly ledger: Readonly<Record<string, number>>;
}

/** Asks for the state and the stock, and adds up what was posted. */
export async function endOf(
  erp: Isolated,
  { orderId, goods }: { readonly orderId: string; readonly goods: Goods },
): Promise<End> {
  const [{ state }, { onHand, reserved }] = await Promise.all([
    readOrder(erp.people, orderId),
    readLevel(erp.people, goods),
  ]);
  const balances = balancesOf(new EventLog(eventsIn(erp.feed.records())), orderId);
  const ledger = Object.fromEntries([...balances].map(([account, balance]) => [account, Number(balance)]));
  return { state, stock: `${onHand} on hand, ${reserved} reserved`, ledger };
}

/** The ledger after an order of ten pieces at 12.25 euros with 19 % tax. */
export const LEDGER = {
  /** Nothing was posted. */
  untouched: {},
  paid: { AR: 0, DEFERRED_REVENUE: -12_250, PSP_CLEARING: 14_578, TAX: -2_328 },
  shipped: { AR: 0, DEFERRED_REVENUE: 0, PSP_CLEARING: 14_578, REVENUE: -12_250, TAX: -2_328 },
  /** It was invoiced, and credited before it was paid. */
  credited: { AR: 0, DEFERRED_REVENUE: 0, TAX: 0 },
  paidBack: { AR: 0, CUSTOMER_CREDIT: 0, DEFERRED_REVENUE: 0, PSP_CLEARING: 0, TAX: 0 },
  /** It was credited after it was paid, and the money is still at the provider. */
  owedToCustomer: { AR: 0, CUSTOMER_CREDIT: -14_578, DEFERRED_REVENUE: 0, PSP_CLEARING: 14_578, TAX: 0 },
} as const;
