/** An answer, ready to be sent or kept. */
export interface Reply {
  readonly status: number;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  /** Serialised; undefined for an answer without content. */
  readonly body: string | undefined;
}
