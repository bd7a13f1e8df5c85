/** The answer to a command, kept under its Idempotency-Key. */
export interface IdempotencyRow {
  readonly principal: string;
  readonly operation: string;
  readonly key: string;
  /** SHA-256 of what was asked. */
  readonly digest: Uint8Array;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
  readonly createdAt: Date;
}
