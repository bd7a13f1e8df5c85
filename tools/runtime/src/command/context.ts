import type { Ctx } from '../contract/handler.ts';
import { idSequence } from '../ids/idSequence.ts';
import type { Request } from './request.ts';

/** Gives each try its `ctx`: same instant, same ids from the start. */
export function contexts(now: Date, { actor, correlationId }: Pick<Request, 'actor' | 'correlationId'>): () => Ctx {
  const ids = idSequence(now);
  return () => ({ now, newId: ids.start(), actor, correlationId });
}
