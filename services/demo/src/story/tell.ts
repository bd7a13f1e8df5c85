import { setTimeout } from 'node:timers/promises';
import type { components as Billing } from '@atlas/generated-billing';
import type { Sandbox } from '@atlas/payment-sandbox';
import { succeeded } from '@atlas/runtime/client';
import type { People } from '../people/people.ts';
import { brokenInvariants } from '../invariants/index.ts';
import { eventsIn } from '../topics/eventOf.ts';
import type { RecordFeed } from '../topics/recordFeed.ts';
import { declined, type Declined } from './declined.ts';
import { paidTooLate, type PaidTooLate } from './paidTooLate.ts';
import { beginning, type Beginning, readAnswers } from './readAnswers.ts';
import { readReports, type Reported } from './reports.ts';
import { shippedInParts, type ShippedInParts } from './shippedInParts.ts';
import { type ShortOfStock, shortOfStock } from './shortOfStock.ts';

export type TrialBalance = Billing['schemas']['TrialBalance'];

/** Everything that the demo does and sees. */
export interface Told {
  readonly shipped: ShippedInParts;
  readonly short: ShortOfStock;
  readonly late: PaidTooLate;
  readonly declined: Declined;
  /** The books afterwards. */
  readonly balance: TrialBalance;
  /** The reports about it. */
  readonly reported: Reported;
  /** The violations of invariants, in words. */
  readonly broken: readonly string[];
}

export interface Stage {
  readonly people: People;
  readonly feed: RecordFeed;
  readonly sandbox: Sandbox;
  /** The API key of the provider. */
  readonly providerKey: string;
  /** How long Inventory holds stock for an order that is not released. */
  readonly holdSeconds: number;
}

const SETTLE_MS = 5_000;
const POLL_MS = 100;

/** Plays all stories, and then reads the books and the reports. */
export async function tell({ people, feed, sandbox, providerKey, holdSeconds }: Stage): Promise<Told> {
  const begun = await beginning(people, sandbox.url, providerKey);
  // These two make the provider misbehave at the next payment, so they come one after the other.
  const late = await paidTooLate(people, feed, sandbox, holdSeconds);
  const refused = await declined(people, feed, sandbox);
  const [shipped, short] = await Promise.all([shippedInParts(people, feed), shortOfStock(people, feed)]);
  const ended = await late.ended();
  const broken = await brokenInTheEnd(begun, feed);
  return {
    shipped,
    short,
    late: ended,
    declined: refused,
    broken,
    reported: await readReports(people, [shipped, short, ended, refused]),
    balance: succeeded(await people.finance.billing.getTrialBalance({})).body,
  };
}

/** Topics are read one after the other, so some events of the last request may still come and change the answers. */
async function brokenInTheEnd(begun: Beginning, feed: RecordFeed): Promise<readonly string[]> {
  const end = performance.now() + SETTLE_MS;
  for (;;) {
    const events = eventsIn(feed.records());
    const broken = brokenInvariants(events, await readAnswers(begun, events));
    if (broken.length === 0 || performance.now() > end) return broken;
    await setTimeout(POLL_MS);
  }
}
