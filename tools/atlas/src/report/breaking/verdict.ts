import type { Witness } from '../../breaking/finding.ts';

/** Which side accepts a witness, and where the other one refuses it. */
export function verdictOf({ acceptedBy, at, verdict }: Witness): string {
  if (verdict !== undefined) return verdict;
  const spot = at === '' ? '' : ` at ${at}`;
  return acceptedBy === 'old'
    ? `the old version accepts this, and the new one refuses it${spot}`
    : `the new version sends this, and the old one does not allow it${spot}`;
}
