import { sql, type CommonQueryMethods, type FragmentSqlToken } from 'slonik';
import { VersionConflict } from '@atlas/runtime';
import type { OwnGauge } from '@atlas/runtime/service';
import { rows, slonikOf } from '@atlas/runtime/slonik';
import { monthAfter } from '../domain/calendar.ts';
import type { Period } from '../domain/period.ts';
import type { PeriodStore, Unposted } from '../ports.ts';

interface Books {
  readonly closedThrough: string;
}

/** As many of a kind as an answer may have by the contract. The metric counts all. */
const MOST_UNPOSTED = 100;

/** The months of the books in Postgres. */
export const pgPeriodStore: PeriodStore = {
  closedThrough,

  load: async (tx, period, expected) => {
    const db = slonikOf(tx);
    const { closedThrough } = await db.one(sql.prepared('billing.lock_books', rows<Books>())`
      SELECT closed_through AS "closedThrough" FROM books FOR UPDATE`);
    const found = await periodOf(db, period, closedThrough);
    if (found.version !== expected) throw new VersionConflict(`period ${period}`, expected, found.version);
    return found;
  },

  read: async (read, period) => {
    const db = slonikOf(read);
    const { closedThrough } = await db.one(sql.prepared('billing.select_books', rows<Books>())`
      SELECT closed_through AS "closedThrough" FROM books`);
    return periodOf(db, period, closedThrough);
  },

  close: async (tx, period, by, at) => {
    const db = slonikOf(tx);
    await db.query(sql.prepared('billing.close_books', rows<never>())`
      UPDATE books SET closed_through = ${period} WHERE closed_through < ${period}`);
    await db.query(sql.prepared('billing.insert_closed_period', rows<never>())`
      INSERT INTO closed_period (period, closed_by, closed_at) VALUES (${period}, ${by}, ${at.toISOString()})`);
  },

  unposted: (read, period) => {
    const { manualJournals, refunds } = unpostedBefore(sql.fragment`${`${monthAfter(period)}-01`}`);
    return slonikOf(read).one(sql.prepared('billing.unposted', rows<Unposted>())`
      SELECT ARRAY(SELECT journal_id::text ${manualJournals}
          ORDER BY requested_at, journal_id LIMIT ${MOST_UNPOSTED}) AS "manualJournals",
        ARRAY(SELECT refund_id::text ${refunds} ORDER BY requested_at, refund_id LIMIT ${MOST_UNPOSTED}) AS refunds`);
  },
};

/** How many such things belong to months that are over, by the clock of the database. */
export const unpostedGauge: OwnGauge<keyof Unposted> = {
  name: 'atlas_billing_unposted',
  help: 'Things that belong to a month that is over and are not posted',
  label: 'kind',
  series: ['manualJournals', 'refunds'],
  read: async (read) => {
    const { manualJournals, refunds } = unpostedBefore(sql.fragment`date_trunc('month', now() AT TIME ZONE 'UTC')`);
    const found = await slonikOf(read).one(sql.prepared(
      'billing.count_unposted',
      rows<{ readonly [Kind in keyof Unposted]: bigint }>(),
    )`
      SELECT (SELECT count(*) ${manualJournals}) AS "manualJournals", (SELECT count(*) ${refunds}) AS refunds`);
    return { manualJournals: Number(found.manualJournals), refunds: Number(found.refunds) };
  },
};

/** Counts what is not posted and belongs to the time before a day in UTC. */
function unpostedBefore(day: FragmentSqlToken): { readonly [Kind in keyof Unposted]: FragmentSqlToken } {
  return {
    manualJournals: sql.fragment`FROM manual_journal WHERE state = 'REQUESTED' AND effective_date < (${day})::date`,
    refunds: sql.fragment`FROM refund WHERE state IN ('PENDING_APPROVAL', 'SUBMITTED', 'FAILED')
      AND requested_at < (${day})::timestamp AT TIME ZONE 'UTC'`,
  };
}

/** Takes a shared lock on the books, so that no month is closed until the transaction ends. */
export async function closedThrough(tx: Parameters<PeriodStore['closedThrough']>[0]): Promise<string> {
  const books = await slonikOf(tx).one(sql.prepared('billing.share_books', rows<Books>())`
    SELECT closed_through AS "closedThrough" FROM books FOR SHARE`);
  return books.closedThrough;
}

async function periodOf(db: CommonQueryMethods, period: string, closedThrough: string): Promise<Period> {
  const closed = await db.maybeOne(sql.prepared('billing.select_closed_period', rows<NonNullable<Period['closed']>>())`
    SELECT closed_by AS by, closed_at AS at FROM closed_period WHERE period = ${period}`);
  return { period, version: period <= closedThrough ? 2n : 1n, closed: closed ?? undefined };
}
