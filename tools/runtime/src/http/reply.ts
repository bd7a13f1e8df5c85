/** A response that is ready to be sent or stored. */
export interface Reply {
  readonly status: number;
  /** Names are in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** Serialised. Undefined if the response has no content. */
  readonly body: string | undefined;
}
