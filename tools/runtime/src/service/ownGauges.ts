import type { Read } from '../contract/handler.ts';
import type { Metrics } from '../ports/metrics.ts';
import type { SqlSession } from '../ports/sql.ts';

/** A figure that a service counts in its own tables for alarms: a gauge with a series for each value of one label. */
export interface OwnGauge<Series extends string = string> {
  /** Begins with `atlas_<service>_`. */
  readonly name: string;
  readonly help: string;
  readonly label: string;
  readonly series: readonly Series[];
  /** The values of all series. It runs every five seconds, so its statements need an index. */
  readonly read: (read: Read) => Promise<Readonly<Record<Series, number>>>;
}

export interface OwnLooker {
  /** Reads the values and shows them. */
  look(session: SqlSession): Promise<void>;
  /** Shows 0. */
  clear(): void;
}

/**
 * Measures them. An instance that exports nothing shows 0, as for everything else that waits in the database, and asks
 * the database for nothing.
 */
export function ownGauges(
  gauges: readonly OwnGauge[],
  metrics: Metrics,
  readOf: (session: SqlSession) => Read,
): OwnLooker {
  const meters = gauges.map((own) => {
    const gauge = metrics.gauge(own.name, own.help, [own.label]);
    const show = (values: Readonly<Record<string, number>>): void => {
      for (const series of own.series) gauge.set(values[series] ?? 0, { [own.label]: series });
    };
    show({});
    return { ...own, show };
  });
  return {
    look: async (session) => {
      for (const { read, show } of meters) show(await read(readOf(session)));
    },
    clear: () => {
      for (const { show } of meters) show({});
    },
  };
}
