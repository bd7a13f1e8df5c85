import type { LastStatements, SqlSession } from '../ports/sql.ts';
import { throughConflicts } from '../conflicts.ts';
import { AtlasError, VersionConflict } from '../contract/atlasError.ts';
import { failpoint } from '../failpoint.ts';
import { flushAtCommit, type IdempotencyRow } from '../outbox/flush.ts';
import { fullJitter } from '../time/fullJitter.ts';
import type { ReadCtx } from '../contract/handler.ts';
import { answer, answerToRead } from '../http/answer.ts';
import { RESPONSE_HEADER } from '../http/headerNames.ts';
import { BUSY, Refusal, withCorrelationId } from '../http/problem.ts';
import type { Reply, StreamedReply } from '../http/reply.ts';
import { toOutboxRecords } from '../outbox/record.ts';
import { wakeFor, type Written, writtenOf } from '../outbox/written.ts';
import { timerStatements, toTimerRows } from '../timers/changes.ts';
import { claim } from './claim.ts';
import { contextPerTry, type Plumbing, type Request } from './request.ts';

/**
 * Runs a command in one transaction: claim of the idempotency key, handler, response, flush, commit. The plumbing waits
 * for the database at most twice: BEGIN is sent together with the claim, and the flush together with COMMIT. A status
 * of 400 or above rolls back the handler's writes. Throws `Refusal` if the caller made a mistake or should try again.
 * Any other error is a fault of the service.
 */
export async function runCommand(plumbing: Plumbing, request: Request): Promise<Reply> {
  const now = plumbing.clock.now();
  const nextContext = contextPerTry(now, request);
  const isOwnVersion = (error: unknown): error is VersionConflict =>
    error instanceof VersionConflict && request.input.ifMatch !== undefined;
  try {
    const { reply, written } = await throughConflicts(
      () => plumbing.store.transaction((session) => attemptOnce(plumbing, request, session, now, nextContext())),
      {
        isConflict: (error) => isRace(error) && !isOwnVersion(error),
        pause: (retry) => plumbing.clock.sleep(fullJitter(retry, { baseMs: 10, capMs: 200 })),
      },
    );
    failpoint('after-commit');
    if (written) wakeFor(plumbing.wake, written);
    return reply;
  } catch (error) {
    if (error instanceof RolledBack)
      return isStored(error.reply) ? await store(plumbing, request, error.reply, now) : error.reply;
    if (isOwnVersion(error)) throw new Refusal({ code: 'version-conflict', detail: error.message });
    if (isRace(error)) throw new Refusal(BUSY);
    throw error;
  }
}

interface Attempt {
  readonly reply: Reply;
  /** Undefined if the reply is one that was stored before. */
  readonly written?: Written;
}

async function attemptOnce(
  plumbing: Plumbing,
  request: Request,
  session: SqlSession,
  now: Date,
  ctx: ReturnType<ReturnType<typeof contextPerTry>>,
): Promise<Attempt | LastStatements<Attempt>> {
  const { operation, correlationId, traceparent, actor, input, idempotency } = request;
  if (idempotency) {
    const stored = await claim(session, { principal: actor.id, operation: operation.id, ...idempotency });
    if (stored) return { reply: replayed(stored, correlationId) };
  }
  const result = await request.handle({ ...input, ctx }, plumbing.txOf(session));
  const reply = answer(operation, result, correlationId);
  if (reply.status >= 400) throw new RolledBack(reply);
  const origin = {
    correlationId,
    causationId: null,
    actorId: actor.id,
    traceparent,
    occurredAt: now,
    newId: ctx.newId,
  };
  const records = toOutboxRecords(plumbing.messages, result.events, origin);
  const timers = toTimerRows(plumbing.later ?? {}, result, origin);
  failpoint('before-commit');
  return flushAtCommit(
    {
      before: timerStatements(timers),
      records,
      idempotency: rowOf(request, reply, now),
      ...(plumbing.maxEventBytes === undefined ? {} : { maxEventBytes: plumbing.maxEventBytes }),
    },
    ({ version }) => ({
      reply:
        version === undefined
          ? reply
          : { ...reply, headers: { ...reply.headers, [RESPONSE_HEADER.atlasVersion]: version } },
      written: writtenOf(records, timers),
    }),
  );
}

/** Thrown to roll back a transaction whose handler refused the command. The reply is stored in another transaction. */
class RolledBack extends Error {
  readonly reply: Reply;
  constructor(reply: Reply) {
    super('rolled back');
    this.reply = reply;
  }
}

/** 401, 403 and 5xx may change on a retry, so they are not stored under the key. */
function isStored({ status }: Reply): boolean {
  return status < 500 && status !== 401 && status !== 403;
}

/** Stores a refusal. If another request with the same key was faster, returns its response. */
async function store(plumbing: Plumbing, request: Request, reply: Reply, now: Date): Promise<Reply> {
  const { actor, operation, idempotency } = request;
  const row = rowOf(request, reply, now);
  if (!idempotency || !row) return reply;
  try {
    return await plumbing.store.transaction(async (session) => {
      const stored = await claim(session, { principal: actor.id, operation: operation.id, ...idempotency });
      if (stored) return replayed(stored, request.correlationId);
      return flushAtCommit({ records: [], idempotency: row }, () => reply);
    });
  } catch (error) {
    if (isRace(error)) return store(plumbing, request, reply, now);
    throw error;
  }
}

function rowOf({ actor, operation, idempotency }: Request, reply: Reply, now: Date): IdempotencyRow | undefined {
  if (!idempotency) return undefined;
  const { status, headers, body } = reply;
  return {
    principal: actor.id,
    operation: operation.id,
    ...idempotency,
    status,
    headers,
    body: body ?? null,
    createdAt: now,
  };
}

function replayed(stored: Reply, correlationId: string): Reply {
  const reply = withCorrelationId(stored, correlationId);
  return { ...reply, headers: { ...reply.headers, [RESPONSE_HEADER.replayed]: 'true' } };
}

/** Whether another transaction was faster. The next try then decides again, or finds the stored response. */
function isRace(error: unknown): boolean {
  return error instanceof VersionConflict || (error instanceof AtlasError && error.code === 'ATLAS_CONFLICT');
}

/** The receiver of the answer to a read. */
export interface Recipient {
  /** Aborts once the client has left. */
  signal(): AbortSignal;
  /** Sends a response whose text is made while it is sent. */
  stream(reply: StreamedReply): Promise<void>;
}

/**
 * Runs GET and HEAD with a session for reading, without a transaction and without events. A response whose text is made
 * while it is sent goes to the recipient before the session ends, and the function then resolves to undefined.
 */
export async function runQuery(plumbing: Plumbing, request: Request, recipient: Recipient): Promise<Reply | undefined> {
  const { operation, correlationId, input } = request;
  let signal: AbortSignal | undefined;
  const ctx: ReadCtx = {
    ...contextPerTry(plumbing.clock.now(), request)(),
    // made when a handler asks for it, because most do not
    get signal() {
      return (signal ??= recipient.signal());
    },
  };
  return plumbing.store.read(async (session) => {
    const result = await request.handle({ ...input, ctx }, plumbing.readOf(session));
    const reply = answerToRead(operation, result, correlationId, input.accept);
    if (!('chunks' in reply)) return reply;
    await recipient.stream(reply);
    return undefined;
  });
}
