import { sql, type FragmentSqlToken } from 'slonik';
import { OPEN_STATES, SITUATIONS, type Facts, type OrderState, type Situation } from './situations.ts';

/** An order that has not ended, and why it is in its state. */
export interface OpenOrder extends Facts {
  readonly orderId: string;
  readonly state: OrderState;
  readonly since: Date;
  readonly sinceExact: string;
  /** The index in SITUATIONS. */
  readonly situation: number;
}

export function situationOf({ situation }: Pick<OpenOrder, 'situation'>): Situation {
  const found = SITUATIONS[situation];
  if (!found) throw new Error(`there is no situation ${situation}`);
  return found;
}

/** The orders that have not ended and meet a condition on `order_summary o`. */
export function openOrders(condition: FragmentSqlToken): FragmentSqlToken {
  return sql.fragment`
    SELECT o.order_id, o.state, o.state_since, i.number AS invoice_number, s.situation,
      CASE s.situation ${deadlines()} END AS deadline
    FROM order_summary o
    LEFT JOIN order_hold h USING (order_id)
    LEFT JOIN order_invoice i USING (order_id)
    LEFT JOIN LATERAL (
      SELECT state, due_at, ended_at FROM approval WHERE subject_id = o.order_id
      ORDER BY subject_version DESC, approval_id DESC LIMIT 1
    ) a ON true
    CROSS JOIN LATERAL (SELECT CASE ${conditions()} END AS situation) s
    WHERE o.state = ANY(${sql.array([...OPEN_STATES], 'text')}) AND ${condition}`;
}

function conditions(): FragmentSqlToken {
  return joined(
    SITUATIONS.map(
      ({ state, when = sql.fragment`true` }, index) =>
        sql.fragment`WHEN o.state = ${state} AND ${when} THEN ${index}::int`,
    ),
  );
}

function deadlines(): FragmentSqlToken {
  return joined(SITUATIONS.map(({ deadline }, index) => sql.fragment`WHEN ${index}::int THEN ${deadline}`));
}

function joined(parts: readonly FragmentSqlToken[]): FragmentSqlToken {
  return parts.reduce((all, part) => sql.fragment`${all} ${part}`, sql.fragment``);
}
