import type { Reply } from '../http/reply.ts';
import { answer } from '../http/answer.ts';
import { contexts } from './context.ts';
import type { Plumbing } from './plumbing.ts';
import type { Request } from './request.ts';

/** GET and HEAD: a session for reading, no transaction, no events. */
export async function runQuery(plumbing: Plumbing, request: Request): Promise<Reply> {
  const ctx = contexts(plumbing.clock.now(), request)();
  const result = await plumbing.store.read((session) =>
    request.handle({ ...request.input, ctx }, plumbing.readOf(session)),
  );
  return answer(request.operation, result, request.correlationId);
}
