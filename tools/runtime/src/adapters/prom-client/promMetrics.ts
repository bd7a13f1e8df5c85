import { collectDefaultMetrics, Counter, Gauge, Registry } from 'prom-client';
import type { Labels, Metrics } from '../../ports/metrics.ts';
import { SeriesHistogram } from './seriesHistogram.ts';

/** Metrics for Prometheus with prom-client, including those of the process. `text` is the response of `/metrics`. */
export function promMetrics(service: string): Metrics & { text(): Promise<string>; readonly contentType: string } {
  const registry = new Registry();
  registry.setDefaultLabels({ service });
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  return {
    counter: (name, help, labels = []) => {
      const counter = new Counter({ name, help, labelNames: [...labels], registers });
      return { add: (by = 1, values) => (values ? counter.inc({ ...values }, by) : counter.inc(by)) };
    },
    gauge: (name, help, labels = [], read) => {
      const collect = read && { collect: () => read(set) };
      const gauge = new Gauge({ name, help, labelNames: [...labels], registers, ...collect });
      const set = {
        set: (value: number, values?: Labels) => (values ? gauge.set({ ...values }, value) : gauge.set(value)),
      };
      return set;
    },
    histogram: (name, help, labels, buckets) =>
      new SeriesHistogram({ name, help, labelNames: [...labels], registers }, buckets),
    text: () => registry.metrics(),
    contentType: registry.contentType,
  };
}
