import type { IncomingMessage } from 'node:http';
import { Refusal } from './problem.ts';

/** Fields that must not be given twice, because two readers of the request could choose different ones. */
const ONCE = ['authorization', 'content-type', 'host'];
const LENGTHS = new Set(ONCE.map(({ length }) => length));

/**
 * Throws `Refusal` for a request that other programs may read in another way: 400 for a second `Host` (RFC 9112,
 * section 3.2), `Authorization` or `Content-Type`, and for a missing `Host`; 501 for a transfer coding other than
 * chunked (RFC 9112, section 6.1), because Node decodes only that one. Call it before anything else is read.
 */
export function refuseAmbiguous({ rawHeaders, headers, httpVersion }: IncomingMessage): void {
  let seen = 0;
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at] ?? '';
    if (!LENGTHS.has(name.length)) continue;
    const which = ONCE.indexOf(name.toLowerCase());
    if (which < 0) continue;
    if ((seen & (1 << which)) !== 0) throw malformed(`${name} is given more than once`);
    seen |= 1 << which;
  }
  if (headers.host === undefined && httpVersion === '1.1') throw malformed('Host is missing');
  const coding = headers['transfer-encoding'];
  if (coding !== undefined && coding.trim().toLowerCase() !== 'chunked')
    throw new Refusal({
      code: 'unsupported-transfer-coding',
      detail: 'of Transfer-Encoding, only chunked is known here',
    });
}

/** Whether a part of the body is still to come, or has not been read. */
export function hasUnreadBody({ complete, readableEnded, headers }: IncomingMessage): boolean {
  const length = headers['content-length'];
  if (complete || readableEnded) return false;
  return headers['transfer-encoding'] !== undefined || (length !== undefined && length !== '0');
}

function malformed(detail: string): Refusal {
  return new Refusal({ code: 'malformed-request', detail });
}
