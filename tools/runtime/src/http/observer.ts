import { READS, type OperationContract } from '../contract/operation.ts';
import type { Log } from '../ports/log.ts';
import type { Metrics } from '../ports/metrics.ts';

/** In seconds. The buckets are small in the range of most responses. */
const BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** A request that has been answered. */
export interface Answered {
  readonly status: number;
  /** When its headers arrived, by `performance.now()`. */
  readonly startedAt: number;
  readonly correlationId: string;
  /** The subject of its token, if that was accepted. */
  readonly actor: string | undefined;
}

/** Call it at the end of a request. It measures the time and logs one line, for successful reads at level debug. */
export type Observe = (answered: Answered) => void;

export interface Observer {
  readonly of: (operation: Pick<OperationContract, 'id' | 'method'>) => Observe;
  /** Counts and logs the refusal of a request that belongs to no operation: an unknown path, or not even HTTP. */
  readonly refused: (status: number, correlationId: string) => void;
}

export function observer(log: Log, metrics: Metrics): Observer {
  const seconds = metrics.histogram(
    'atlas_http_request_seconds',
    'Time from the headers of a request, before its body, to its response, by operation and status',
    ['operation', 'status'],
    BUCKETS,
  );
  const refusals = metrics.counter(
    'atlas_http_refused_total',
    'Requests that were refused because they belong to no operation, by status',
    ['status'],
  );
  return {
    of: ({ id, method }) => {
      const series = new Map<number, { observe(value: number): void }>();
      return ({ status, startedAt, correlationId, actor }) => {
        const milliseconds = performance.now() - startedAt;
        let measured = series.get(status);
        if (measured === undefined) {
          measured = seconds.series({ operation: id, status: String(status) });
          series.set(status, measured);
        }
        measured.observe(milliseconds / 1000);
        const fields = {
          operation: id,
          status,
          ms: Math.round(milliseconds * 10) / 10,
          correlationId,
          ...(actor === undefined ? {} : { actor }),
        };
        if (status >= 500) log.warn(fields, 'answered');
        else if (status < 400 && READS.has(method)) log.debug(fields, 'answered');
        else log.info(fields, 'answered');
      };
    },
    refused: (status, correlationId) => {
      refusals.add(1, { status: String(status) });
      log.info({ status, correlationId }, 'refused');
    },
  };
}
