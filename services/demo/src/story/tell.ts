import type { components as Billing } from '@atlas/generated-billing';
import { succeeded } from '@atlas/runtime/client';
import type { People } from '../people/people.ts';
import type { RecordFeed } from '../topics/recordFeed.ts';
import { shippedInParts, type ShippedInParts } from './shippedInParts.ts';
import { type ShortOfStock, shortOfStock } from './shortOfStock.ts';

export type TrialBalance = Billing['schemas']['TrialBalance'];

/** Everything that the demo does and sees. */
export interface Told {
  readonly shipped: ShippedInParts;
  readonly short: ShortOfStock;
  /** The books afterwards. */
  readonly balance: TrialBalance;
}

/** Plays all stories side by side, and then reads the books. */
export async function tell(people: People, feed: RecordFeed): Promise<Told> {
  const [shipped, short] = await Promise.all([shippedInParts(people, feed), shortOfStock(people, feed)]);
  return { shipped, short, balance: succeeded(await people.finance.billing.getTrialBalance({})).body };
}
