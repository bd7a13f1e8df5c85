import { describe, expect, it } from 'vitest';
import { pagesText } from './texts.ts';

describe('the pages that the demo prints', () => {
  it('are all reports that need no id, with who may read them', () => {
    const lines = pagesText('http://door', { stories: [] }).trim().split('\n');
    const [, ...reports] = lines.map((line) => line.trim().split(/ {2,}/));
    expect(reports).toEqual([
      ['http://door/v1/reports/approval-workload', 'for approver, admin'],
      ['http://door/v1/reports/sales-daily', 'for finance'],
      ['http://door/v1/reports/receivables-aging', 'for finance'],
      ['http://door/v1/reports/saga-health', 'for ops, admin'],
      ['http://door/v1/reports/stock-position', 'for ops, finance'],
      ['http://door/v1/reports/orders', 'for ops, finance, approver, admin'],
    ]);
  });
});
