import { expect, it } from 'vitest';
import { toBeReported } from './reports.ts';

it('a timeline must have the events of topics that Reporting reads and that are about orders, and no others', () => {
  const topics = ['atlas.orders.order.v1', 'atlas.billing.ledger.v1', 'atlas.returns.return.v1'];
  expect(toBeReported(topics.map((topic) => ({ topic })))).toEqual([{ topic: 'atlas.orders.order.v1' }]);
});
