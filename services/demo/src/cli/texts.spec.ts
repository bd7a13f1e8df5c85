import { describe, expect, it } from 'vitest';
import { pagesText, placesText, timelineText, verdictText } from './texts.ts';

describe('the text of a timeline', () => {
  it('has the title, the correlation ids, and a line for each event with the name of the person who caused it', () => {
    const entry = { eventId: 'e-1', service: 'orders', type: 'OrderPlaced', sequence: 1, actorId: 'sub-olga' };
    const entries = [{ ...entry, at: '2026-01-31T09:08:07.006Z', summary: 'It was placed.', afterSeconds: 0.04 }];
    const story = { title: 'An order', correlationIds: ['demo-1', 'webhook-1'], timeline: { entries } };
    expect(timelineText(story, (id) => id.replace('sub-', '')).split('\n')).toEqual([
      '',
      'An order',
      'Correlation ids: demo-1, webhook-1',
      '',
      expect.stringMatching(/^ {2}time +after +service +what +who +why$/),
      expect.stringMatching(/^ {2}09:08:07\.006 +\+0\.04 s +orders +It was placed\. +olga *$/),
    ]);
  });

  const rowsIn = (width: number): readonly string[] => {
    const summary = 'The order waits for approval, because stock is held for all of its lines.';
    const why = 'StockReserved: Stock is held for 1 line.';
    const at = '2026-01-31T09:08:07.006Z';
    const entry = { eventId: 'e-1', at, service: 'orders', type: 'OrderReserved', sequence: 1, summary, why };
    const story = { title: 'An order', correlationIds: ['demo-1'] };
    const entries = [{ ...entry, actorId: 'olga', afterSeconds: 0.04 }];
    return timelineText({ ...story, timeline: { entries } }, (id) => id, width)
      .split('\n')
      .slice(5);
  };

  it('is not changed if it fits', () => {
    expect(rowsIn(200)).toEqual([
      expect.stringMatching(/The order waits .* lines\. {2}olga {2}StockReserved: Stock is held for 1 line\.$/),
    ]);
  });

  it('names only the event that is the reason, and wraps its words, if the terminal is narrower', () => {
    expect(rowsIn(110)).toEqual([
      '  09:08:07.006  +0.04 s  orders   The order waits for approval, because stock is held for  olga  StockReserved',
      '                                  all of its lines.',
    ]);
  });

  it('leaves the reason out if little room is left', () => {
    expect(rowsIn(80)).toEqual([
      '  09:08:07.006  +0.04 s  orders   The order waits for approval, because  olga',
      '                                  stock is held for all of its lines.',
    ]);
  });
});

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

describe('the addresses that the demo prints', () => {
  const process = { service: 'orders', url: 'http://one', adminUrl: 'http://two', log: 'orders.log' };
  const stack = { registry: { url: 'http://registry' } };
  const linesIn = (width: number): readonly string[] =>
    placesText(stack, [process], 'http://try', width).split('\n').slice(1, -2);

  it('are a table if that fits', () => {
    const lines = linesIn(51);
    expect(lines[0]).toBe('  orders    API reference  http://one/docs');
    expect(lines).toHaveLength(5);
  });

  it('are below their names if the terminal is narrower', () => {
    expect(linesIn(50)).toEqual([
      '  orders',
      '    API reference  http://one/docs',
      '    metrics        http://two/metrics',
      '    health         http://two/health/ready',
      expect.stringMatching(/^ {4}log {12}\S*orders\.log$/),
      '  registry',
      '    subjects       http://registry/subjects',
    ]);
  });

  it('have a line each if it is narrower still', () => {
    expect(linesIn(36).slice(0, 3)).toEqual(['  orders', '    API reference', '      http://one/docs']);
    const pages = pagesText('http://door', { stories: [] }, 50).split('\n');
    expect(pages.slice(1, 4)).toEqual([
      '  reports',
      '    http://door/',
      '      all pages; log in as one of the users above',
    ]);
    expect(pages.slice(-2)).toEqual(['    http://door/v1/reports/orders', '      for ops, finance, approver, admin']);
  });
});

describe('the last line of the demo', () => {
  const promised = (holds: boolean) => ({ holds, promise: 'the books balance', seen: '1 EUR' });
  it.each([
    [[true, true], 'All 2 promises were kept, in 29 s: exit code 0.'],
    [[true, false], '1 of 2 promises were not kept (✗ above), in 29 s: exit code 1.'],
    [[false, false], '2 of 2 promises were not kept (✗ above), in 29 s: exit code 1.'],
  ])('says the verdict on promises that hold: %j', (holds, text) => {
    expect(verdictText(holds.map(promised), 29.2).trim()).toBe(text);
  });
});
