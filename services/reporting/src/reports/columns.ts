import { sql, type FragmentSqlToken } from 'slonik';

/** A timestamp with its microseconds, which a `Date` does not have: as RFC 3339 in UTC. */
export function exactInstant(column: FragmentSqlToken): FragmentSqlToken {
  return sql.fragment`to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;
}

/** Joins conditions with AND. */
export function all(conditions: readonly FragmentSqlToken[]): FragmentSqlToken {
  return conditions.reduce((joined, condition) => sql.fragment`${joined} AND ${condition}`, sql.fragment`true`);
}
