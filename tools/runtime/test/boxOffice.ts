import type { FastifyInstance } from 'fastify';
import { createApp, type AppOptions } from '../src/adapters/fastify/app.ts';
import { promMetrics } from '../src/adapters/prom-client/promMetrics.ts';
import { systemClock } from '../src/adapters/clock/systemClock.ts';
import { readOf, slonikStore, txOf } from '../src/adapters/slonik/index.ts';
import type { Plumbing } from '../src/command/request.ts';
import type { Actor } from '../src/contract/handler.ts';
import { AtlasError } from '../src/contract/atlasError.ts';
import type { Log, LogFields } from '../src/ports/log.ts';
import { contract, type Handlers } from './bookings/contract.ts';
import { handlers } from './bookings/handlers.ts';

export interface BoxOffice {
  readonly app: FastifyInstance;
  readonly lines: readonly { readonly level: string; readonly message: string; readonly fields: LogFields }[];
  readonly woken: () => number;
  /** The metrics in the format of Prometheus. */
  readonly metrics: () => Promise<string>;
  stop(): Promise<void>;
}

/**
 * The box office's routes over a database. `Authorization: <subject> <role>…` is used instead of a token, unless
 * another authenticator is given.
 */
export async function boxOffice(
  databaseUrl: string,
  given: Partial<Handlers> = {},
  plumbing: Partial<Plumbing> = {},
  others: Partial<Pick<AppOptions, 'requestTimeout' | 'authenticator'>> = {},
): Promise<BoxOffice> {
  const metrics = promMetrics('bookings');
  const store = plumbing.store ?? slonikStore(databaseUrl);
  const lines: { level: string; message: string; fields: LogFields }[] = [];
  let wakes = 0;
  const app = await createApp({
    operations: contract.operations,
    document: contract.document,
    handlers: { ...handlers, ...given },
    plumbing: {
      store,
      clock: systemClock,
      messages: contract.messages,
      txOf,
      readOf,
      wake: () => {
        wakes += 1;
      },
      ...plumbing,
    },
    authenticator: { authenticate: async (headers) => actorOf(headers['authorization']) },
    log: recordingLog(lines),
    metrics,
    ...others,
  });
  return {
    app,
    lines,
    woken: () => wakes,
    metrics: () => metrics.text(),
    stop: async () => {
      await app.close();
      await store.close();
    },
  };
}

function actorOf(header: string | readonly string[] | undefined): Actor {
  if (typeof header !== 'string') throw new AtlasError('ATLAS_UNAUTHENTICATED', 'no token');
  const [id = '', ...roles] = header.split(' ');
  return { id, roles };
}

export function recordingLog(
  lines: { level: string; message: string; fields: LogFields }[],
  more: LogFields = {},
): Log {
  const at = (level: string) => (fields: LogFields, message: string) => {
    lines.push({ level, message, fields: { ...more, ...fields } });
  };
  return {
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    child: (fields) => recordingLog(lines, { ...more, ...fields }),
  };
}
