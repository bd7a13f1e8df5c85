import { sql } from 'slonik';
import { rows, slonikOf } from '@atlas/runtime/slonik';
import type { NumberSeries } from '../ports.ts';

/** Series of numbers in Postgres. A sequence of Postgres would leave gaps, because it does not roll back. */
export const pgNumberSeries: NumberSeries = {
  next: async (tx, series) => {
    const { last } = await slonikOf(tx).one(sql.prepared('billing.next_number', rows<{ readonly last: bigint }>())`
      INSERT INTO number_series (series, last) VALUES (${series}, 1)
      ON CONFLICT (series) DO UPDATE SET last = number_series.last + 1 RETURNING last`);
    return last;
  },
};
