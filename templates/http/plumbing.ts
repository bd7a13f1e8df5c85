import { PLUMBING_PROBLEMS, type Response } from '@atlas/ir';

/** What a handler may answer with: not the statuses of authentication, preconditions and failures. */
export function isHandlers({ status, content }: Response): boolean {
  if (status === 401 || status === 428 || status >= 500) return false;
  return content.kind !== 'problem' || content.codes.length === 0 || handlerCodes(content.codes).length > 0;
}

/**
 * The codes of a problem below 500 that are the handler's to give. Specs that list all codes of the plumbing in one shared
 * response are read as they are meant: none of its 4xx codes is the handler's, whatever the status. Its 5xx codes are
 * common words (`busy`) that a handler may use with a status of its own.
 */
export function handlerCodes(codes: readonly string[]): readonly string[] {
  return codes.filter((code) => (PLUMBING_PROBLEMS.get(code)?.status ?? 500) >= 500);
}
