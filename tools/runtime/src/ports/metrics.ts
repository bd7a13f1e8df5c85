/** Metrics for Prometheus. Names end as Prometheus recommends: `_total` for a count, `_seconds` for a duration. */
export interface Metrics {
  counter(name: string, help: string, labels?: readonly string[]): Counter;
  /** `read` is called for each response of `/metrics`, for values that are read only when they are needed. */
  gauge(name: string, help: string, labels?: readonly string[], read?: (gauge: Gauge) => void): Gauge;
  histogram(name: string, help: string, labels: readonly string[], buckets: readonly number[]): Histogram;
}

export type Labels = Readonly<Record<string, string>>;

export interface Counter {
  add(by?: number, labels?: Labels): void;
}

export interface Gauge {
  set(value: number, labels?: Labels): void;
}

export interface Histogram {
  /** The series of these labels. Ask for it once per combination of labels. */
  series(labels: Labels): { observe(value: number): void };
}
