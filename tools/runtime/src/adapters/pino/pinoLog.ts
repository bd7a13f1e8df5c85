import { pino, stdTimeFunctions, type DestinationStream, type Logger } from 'pino';
import type { Log } from '../../ports/log.ts';

export interface LogOptions {
  readonly service: string;
  /** A level of pino: trace, debug, info, warn, error, fatal, silent. */
  readonly level: string;
  /** stdout by default. */
  readonly to?: DestinationStream;
}

/** Logs JSON lines with ISO times and level names. Tokens and passwords in well-known fields are replaced. */
export function pinoLog({ service, level, to }: LogOptions): Log & { flush(): void } {
  const options = {
    level,
    base: { service },
    timestamp: stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
    serializers: { err: errorFields },
    redact: ['headers.authorization', 'headers.cookie', '*.password', 'password'],
  };
  const logger = to ? pino(options, to) : pino(options);
  return { ...logOver(logger), flush: () => logger.flush() };
}

const MAX_CAUSES = 5;

/**
 * An error as it is logged, with the stacks of its causes. Other members are left out, because those of a database
 * error contain values of the statement, and so parts of bodies.
 */
function errorFields(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const stacks: string[] = [];
  for (let cause: unknown = error; cause instanceof Error && stacks.length < MAX_CAUSES; cause = cause.cause)
    stacks.push(cause.stack ?? String(cause));
  const code = 'code' in error ? { code: error.code } : {};
  return { type: error.name, ...code, message: error.message, stack: stacks.join('\ncaused by: ') };
}

function logOver(logger: Logger): Log {
  return {
    debug: (fields, message) => logger.debug(fields, message),
    info: (fields, message) => logger.info(fields, message),
    warn: (fields, message) => logger.warn(fields, message),
    error: (fields, message) => logger.error(fields, message),
    child: (fields) => logOver(logger.child(fields)),
  };
}
