import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { Metrics } from '../../ports/metrics.ts';

/** Prometheus over prom-client, with the process's own numbers. `text` is what `/metrics` answers. */
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
    gauge: (name, help, labels = []) => {
      const gauge = new Gauge({ name, help, labelNames: [...labels], registers });
      return { set: (value, values) => (values ? gauge.set({ ...values }, value) : gauge.set(value)) };
    },
    histogram: (name, help, labels, buckets) => {
      const histogram = new Histogram({ name, help, labelNames: [...labels], buckets: [...buckets], registers });
      return {
        observe: (value, values) => (values ? histogram.observe({ ...values }, value) : histogram.observe(value)),
        series: (values) => histogram.labels({ ...values }),
      };
    },
    text: () => registry.metrics(),
    contentType: registry.contentType,
  };
}
