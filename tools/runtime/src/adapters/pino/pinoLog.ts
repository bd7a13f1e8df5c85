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
    redact: ['headers.authorization', 'headers.cookie', '*.password', 'password'],
  };
  const logger = to ? pino(options, to) : pino(options);
  return { ...logOver(logger), flush: () => logger.flush() };
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
