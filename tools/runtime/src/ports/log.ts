/** What happened, as one JSON line; a child adds its fields to each of its lines. Never bodies, tokens or secrets. */
export interface Log {
  debug(fields: LogFields, message: string): void;
  info(fields: LogFields, message: string): void;
  warn(fields: LogFields, message: string): void;
  error(fields: LogFields, message: string): void;
  child(fields: LogFields): Log;
}

/** `err` takes an Error; `correlationId` is in every line that has to do with a command or a message. */
export type LogFields = Readonly<Record<string, unknown>>;
