import { describe, expect, it } from 'vitest';
import { metaOf } from './meta.ts';
import { TOPICS } from './topics.ts';

const AT = new Date('2026-11-01T10:01:00Z');
const of = (topic: string, time: string) => ({ topic, asOf: new Date(`2026-11-01T${time}Z`) });

describe('how fresh a report is', () => {
  it('is that of its oldest source, and depends only on its own sources', () => {
    const found = [of(TOPICS.orders, '10:00:50'), of(TOPICS.invoices, '10:00:40'), of(TOPICS.stock, '09:00:00')];
    expect(metaOf(found, [TOPICS.orders, TOPICS.invoices], AT, undefined)).toEqual({
      asOf: '2026-11-01T10:00:40.000Z',
      lagSeconds: 20,
      stale: false,
      sources: [
        { topic: TOPICS.orders, watermark: '2026-11-01T10:00:50.000Z' },
        { topic: TOPICS.invoices, watermark: '2026-11-01T10:00:40.000Z' },
      ],
    });
  });

  it.each([
    ['10:00:30', false],
    ['10:00:29.999', true],
  ])('is stale more than 30 seconds later: as of %s, %s', (time, stale) => {
    expect(metaOf([of(TOPICS.orders, time)], [TOPICS.orders], AT, undefined).stale).toBe(stale);
  });

  it('is stale while one of its sources makes no progress, however fresh the others are, and names that one', () => {
    const sources = [TOPICS.orders, TOPICS.invoices, TOPICS.payments] as const;
    const found = [of(sources[0], '10:01:00'), of(sources[1], '10:00:20'), of(sources[2], '10:01:00')];
    const meta = metaOf(found, sources, AT, undefined);
    expect(meta).toMatchObject({ lagSeconds: 40, stale: true });
    expect(meta.sources.filter(({ watermark }) => watermark === meta.asOf)).toEqual([
      { topic: TOPICS.invoices, watermark: '2026-11-01T10:00:20.000Z' },
    ]);
    expect(metaOf(found, [TOPICS.orders, TOPICS.payments], AT, undefined).stale).toBe(false);
  });

  it('is unknown if a source was never read, so it is stale', () => {
    const found = [of(TOPICS.orders, '10:00:50')];
    expect(metaOf(found, [TOPICS.orders, TOPICS.invoices], AT, undefined)).toMatchObject({
      asOf: '1970-01-01T00:00:00.000Z',
      stale: true,
    });
  });

  it('is never in the future, even if the clocks of two machines differ', () => {
    expect(metaOf([of(TOPICS.orders, '10:01:05')], [TOPICS.orders], AT, true)).toMatchObject({
      lagSeconds: 0,
      satisfied: true,
    });
  });
});
