import type { Server } from 'node:http';
import { pinoLog } from '../adapters/pino/pinoLog.ts';
import { promMetrics } from '../adapters/prom-client/promMetrics.ts';
import type { Log } from '../ports/log.ts';
import type { Metrics } from '../ports/metrics.ts';
import type { Check } from '../ports/readiness.ts';
import { adminServer } from './adminServer.ts';
import { listenError, urlOf } from './listen.ts';
import type { ServiceEnv } from './serviceEnv.ts';

export interface RunningService {
  /** The address of REST, /docs and /openapi.json. */
  readonly url: string;
  /** The address of /health/live, /health/ready and /metrics. */
  readonly adminUrl: string;
  /** Turns readiness off, accepts no new requests, finishes running ones, drains messages, closes connections. */
  stop(): Promise<void>;
}

/** The parts that `open` gets. */
export interface ProcessParts {
  readonly log: Log;
  readonly metrics: Metrics;
  /**
   * Adds something to close when the process stops. It is closed in reverse order of opening, the operators' port last.
   */
  readonly onStop: (close: () => Promise<void>) => void;
  /** Answers /health/ready from now on. Until then, the process is not ready. */
  readonly readyWhen: (checks: () => Promise<readonly Check[]>) => void;
}

/** An HTTP server that does not listen yet. */
interface Listener {
  readonly server: Server;
  listen(where: { readonly host: string; readonly port: number }): Promise<unknown>;
  close(): Promise<unknown>;
}

export interface ProcessOptions {
  readonly name: string;
  readonly env: Pick<ServiceEnv, 'host' | 'port' | 'adminPort' | 'logLevel'>;
  /** JSON lines on stdout by default. */
  readonly log?: Log | undefined;
  /** Opens everything, and returns the server for the port. */
  readonly open: (parts: ProcessParts) => Promise<Listener>;
}

/**
 * Starts a process that answers HTTP. The operators' port opens first, so that the start can be watched, then `open`
 * opens the rest. If that fails, everything is closed again.
 */
export async function startProcess({ name, env, open, ...options }: ProcessOptions): Promise<RunningService> {
  const log = options.log ?? pinoLog({ service: name, level: env.logLevel });
  const metrics = promMetrics(name);
  const closers: (() => Promise<void>)[] = [];
  let checks = async (): Promise<readonly Check[]> => [{ name: 'process', ok: false, note: 'is starting' }];
  let stopping = false;
  const stop = async (): Promise<void> => {
    stopping = true;
    for (const close of closers.splice(0).toReversed())
      await close().catch((error: unknown) => log.error({ err: error }, 'did not close cleanly'));
  };
  try {
    const admin = await adminServer({
      service: name,
      host: env.host,
      port: env.adminPort,
      readiness: async () => (stopping ? [{ name: 'process', ok: false, note: 'is stopping' }] : checks()),
      metrics,
      log,
    });
    closers.push(() => admin.close());
    const app = await open({
      log,
      metrics,
      onStop: (close) => closers.push(close),
      readyWhen: (found) => {
        checks = found;
      },
    });
    closers.push(async () => {
      await app.close();
    });
    await app.listen({ host: env.host, port: env.port }).catch((error: unknown) => {
      throw listenError(error, env.host, env.port, 'PORT');
    });
    const url = urlOf(app.server);
    log.info({ url, adminUrl: admin.url }, 'listening');
    return { url, adminUrl: admin.url, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
