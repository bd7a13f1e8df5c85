import { hasRoleOf } from '@atlas/generated-reporting';
import type { Actor } from '@atlas/runtime';

/** The names of filters, sorts and members that show what only traders may see. */
export const FOR_TRADERS = {
  /** Filters of the search, because a filter reveals the value. */
  filters: ['customerId', 'total[gte]', 'total[lt]'],
  sorts: ['total', '-total'],
  /** Members of an order. */
  order: ['customerId', 'total'],
  /** Members of an event that are not amounts. An amount is known by its form: minor units with a currency. */
  event: ['customerId'],
} as const;

export function isTrader({ roles }: Pick<Actor, 'roles'>): boolean {
  return hasRoleOf('traders', roles);
}
