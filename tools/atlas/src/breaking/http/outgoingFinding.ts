import type { RuleFinding } from '../rule.ts';
import type { Operation } from './api.ts';
import type { HttpContext } from './context.ts';

interface What {
  readonly change: string;
  readonly message: string;
  readonly pointers: readonly [old: string, next: string];
}

/** What all findings about the request of a webhook or a callback have. */
export function outgoingFinding(
  { old, new: next }: HttpContext,
  operation: Operation,
  { change, message, pointers }: What,
) {
  return {
    change,
    message,
    old: old.version.loc(pointers[0]),
    new: next.version.loc(pointers[1]),
    reaches: [operation.id],
    safePath: [
      'go on sending what old clients read',
      'let every client that receives it read the new form',
      'send the new form',
    ],
  } satisfies Partial<RuleFinding>;
}
