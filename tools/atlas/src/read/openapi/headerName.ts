import { PLUMBING_HEADERS, PLUMBING_PROBLEMS } from '@atlas/ir';

/** Whether a text is a token of RFC 9110, 5.6.2, as the names of headers are. */
export function isHeaderName(name: string): boolean {
  return /^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/.test(name);
}

/**
 * Whether the plumbing writes this response header. Of `Retry-After` that depends on the problem that the response is,
 * if it is one. OpenAPI 3.1, section 4.8.17, has Content-Type ignored.
 */
export function isPlumbingHeader(
  name: string,
  problem?: { readonly status: number; readonly codes: readonly string[] },
): boolean {
  const lower = name.toLowerCase();
  if (lower !== 'retry-after') return lower === 'content-type' || PLUMBING_HEADERS.response.has(lower);
  return problem?.codes.some((code) => asksAgain(problem.status, code)) === true;
}

function asksAgain(status: number, code: string): boolean {
  const known = PLUMBING_PROBLEMS.get(code);
  return known?.status === status && known.askAgain === true;
}
