import fc from 'fast-check';
import { Histogram, Registry } from 'prom-client';
import { expect, it } from 'vitest';
import { SeriesHistogram } from './seriesHistogram.ts';

const BUCKETS = [0.001, 0.5, 2];
const seen = fc.record({
  operation: fc.constantFrom('a', 'b"\\\n'),
  value: fc.oneof(fc.constantFrom(0, ...BUCKETS), fc.double({ min: 0, max: 4, noNaN: true })),
});

it('a scrape of SeriesHistogram reads like one of prom-client, whatever was observed', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(seen), async (measured) => {
      const [ours, theirs] = [new Registry(), new Registry()];
      const configuration = { name: 'seconds', help: 'Time "it" took', labelNames: ['operation'] };
      for (const registry of [ours, theirs]) registry.setDefaultLabels({ service: 's' });
      const histogram = new SeriesHistogram({ ...configuration, registers: [ours] }, BUCKETS);
      const reference = new Histogram({ ...configuration, buckets: BUCKETS, registers: [theirs] });
      const series = new Map<string, { observe(value: number): void }>();
      for (const { operation, value } of measured) {
        const own = series.get(operation) ?? histogram.series({ operation });
        series.set(operation, own);
        own.observe(value);
        reference.observe({ operation }, value);
      }
      expect(await ours.metrics()).toBe(await theirs.metrics());
    }),
  );
});
