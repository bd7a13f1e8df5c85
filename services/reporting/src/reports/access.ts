import { roleGroups } from '@atlas/generated-reporting';
import type { Actor } from '@atlas/runtime';

/** What only traders see, by the names of filters, sorts and members that say it. */
export const FOR_TRADERS = {
  /** Filters of the search, because whoever may ask for a value learns it. */
  filters: ['customerId', 'total[gte]', 'total[lt]'],
  sorts: ['total', '-total'],
  /** Members of an order. */
  order: ['customerId', 'total'],
  /** Members of an event that are not amounts. An amount is known by its form: minor units with a currency. */
  event: ['customerId'],
} as const;

export function isTrader({ roles }: Pick<Actor, 'roles'>): boolean {
  return roles.some((role) => roleGroups.traders.includes(role));
}
