import type { Response } from '@atlas/ir';

/** Problem codes that only the plumbing answers with. */
const PLUMBING_CODES: ReadonlySet<string> = new Set([
  'validation-failed',
  'malformed-body',
  'unauthenticated',
  'forbidden-role',
  'idempotency-key-missing',
  'idempotency-key-reused',
  'request-in-flight',
  'if-match-missing',
  'version-conflict',
  'body-too-large',
  'unsupported-media-type',
  'not-found-route',
  'internal',
]);

/** What a handler may answer with: not the statuses of authentication, preconditions and failures. */
export function isHandlers({ status, content }: Response): boolean {
  if (status === 401 || status === 428 || status >= 500) return false;
  return content.kind !== 'problem' || content.codes.length === 0 || handlerCodes(content.codes).length > 0;
}

/** The codes of a problem that are the handler's to give. */
export function handlerCodes(codes: readonly string[]): readonly string[] {
  return codes.filter((code) => !PLUMBING_CODES.has(code));
}
