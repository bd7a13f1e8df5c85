import type { OperationContract } from '../contract/operation.ts';
import type { Log } from '../ports/log.ts';
import type { Metrics } from '../ports/metrics.ts';

/** In seconds. The buckets are fine where most responses are. */
const BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** Call it at the end of a request. It measures the time and logs one line; successful reads are logged at debug. */
export type Observe = (status: number, startedAt: number, correlationId: string) => void;

export function observer(log: Log, metrics: Metrics): (operation: OperationContract) => Observe {
  const seconds = metrics.histogram(
    'atlas_http_request_seconds',
    'Time from a request to its response, by operation and status',
    ['operation', 'status'],
    BUCKETS,
  );
  return ({ id, method }) => {
    const series = new Map<number, { observe(value: number): void }>();
    return (status, startedAt, correlationId) => {
      const milliseconds = performance.now() - startedAt;
      let measured = series.get(status);
      if (measured === undefined) {
        measured = seconds.series({ operation: id, status: String(status) });
        series.set(status, measured);
      }
      measured.observe(milliseconds / 1000);
      const fields = { operation: id, status, ms: Math.round(milliseconds * 10) / 10, correlationId };
      if (status >= 500) log.warn(fields, 'answered');
      else if (status < 400 && (method === 'GET' || method === 'HEAD')) log.debug(fields, 'answered');
      else log.info(fields, 'answered');
    };
  };
}
