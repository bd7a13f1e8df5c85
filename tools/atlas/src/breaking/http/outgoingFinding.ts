import type { RuleFinding } from '../rule.ts';
import type { Operation } from './api.ts';
import type { HttpContext } from './context.ts';
import { inSteps } from '../releases.ts';

interface What {
  readonly change: string;
  readonly message: string;
  readonly pointers: readonly [old: string, next: string];
}

/** What all findings about the request of a webhook or a callback have in common. */
export function outgoingFinding(
  { old, new: next, releases }: HttpContext,
  operation: Operation,
  { change, message, pointers }: What,
) {
  return {
    change,
    message,
    old: old.version.loc(pointers[0]),
    new: next.version.loc(pointers[1]),
    reaches: [operation.id],
    safePath: inSteps(releases, (where) => [
      `go on sending ${where} as old clients read it`,
      `let every client that receives ${where} read both forms`,
      'send the new form',
    ]),
  } satisfies Partial<RuleFinding>;
}
