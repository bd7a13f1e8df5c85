import { createHash } from 'node:crypto';
import type { SqlSession, Statement } from '../ports/sql.ts';
import { Refusal } from '../http/problem.ts';
import type { Reply } from '../http/reply.ts';

/** The identity of a stored response, and the digest of its request. */
export interface IdempotencyClaim {
  readonly principal: string;
  readonly operation: string;
  readonly key: string;
  readonly digest: Uint8Array;
}

/*
 * The snapshot is older than the lock, so this misses a response that is stored in between. The flush then violates its
 * primary key, and the command runs again.
 */
const CLAIM: Statement = {
  name: 'atlas_idempotency_claim',
  text: `SELECT pg_try_advisory_xact_lock($1::bigint) AS locked, i.digest, i.status, i.headers, i.body
FROM (SELECT 1) AS one LEFT JOIN atlas_idempotency i ON i.principal = $2 AND i.operation = $3 AND i.key = $4`,
};

type ClaimRow = { readonly locked: boolean } & (
  | { readonly digest: null }
  | {
      readonly digest: Uint8Array;
      readonly status: number;
      readonly headers: Readonly<Record<string, string>>;
      readonly body: string | null;
    }
);

/**
 * Locks the key for this transaction, or returns the response that is stored under it. Throws `Refusal`: 422 if the key
 * was used for another request, 409 if a request with it is under way. (draft-ietf-httpapi-idempotency-key-header)
 */
export async function claim(session: SqlSession, request: IdempotencyClaim): Promise<Reply | undefined> {
  const { principal, operation, key, digest } = request;
  const lock = createHash('sha256').update(`${principal}\n${operation}\n${key}`).digest().readBigInt64BE();
  const [row] = await session.query<ClaimRow>(CLAIM, [lock, principal, operation, key]);
  if (row === undefined || row.digest === null) {
    if (row?.locked === true) return undefined;
    throw new Refusal({
      code: 'request-in-flight',
      detail: 'a request with this Idempotency-Key is under way: send the request again to get its answer',
    });
  }
  if (Buffer.compare(row.digest, digest) !== 0)
    throw new Refusal({
      code: 'idempotency-key-reused',
      detail: 'this Idempotency-Key was used for another request: take a new one',
    });
  return { status: row.status, headers: row.headers, body: row.body ?? undefined };
}
