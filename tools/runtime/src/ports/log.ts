/** One JSON line per call. A child adds its fields to each of its lines. Never log bodies, tokens or secrets. */
export interface Log {
  debug(fields: LogFields, message: string): void;
  info(fields: LogFields, message: string): void;
  warn(fields: LogFields, message: string): void;
  error(fields: LogFields, message: string): void;
  child(fields: LogFields): Log;
}

/** `err` takes an Error. Every line about a command or a message has its `correlationId`. */
export type LogFields = Readonly<Record<string, unknown>>;
