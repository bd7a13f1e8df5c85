import { createHash } from 'node:crypto';
import type { Loc } from '@atlas/ir';
import type { BreakingFinding } from './finding.ts';

/**
 * The fingerprint of a finding: of protocol, change and both pointers, so that edits elsewhere leave it alone.
 * `subject` tells documents of one repository apart, such as the name of the service.
 */
export function fingerprintOf(
  { protocol, change, old, new: next }: Pick<BreakingFinding, 'protocol' | 'change' | 'old' | 'new'>,
  subject: string,
): string {
  const pointer = (loc: Loc | undefined): string => loc?.pointer ?? '';
  const text = [protocol, change, subject, pointer(old), pointer(next)].join('\0');
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}
