import type { Acceptance, Witness } from '../../breaking/finding.ts';

/** Which side accepts a witness, and where the other one refuses it. */
export function verdictOf({ acceptedBy, at, verdict }: Witness): string {
  if (verdict !== undefined) return verdict;
  const spot = at === '' ? '' : ` at ${at}`;
  return acceptedBy === 'old'
    ? `the old version accepts this, and the new one refuses it${spot}`
    : `the new version sends this, and the old one does not allow it${spot}`;
}

/** Who has accepted a break, until when, and why. */
export function acceptedBy({ reason, by, expires }: Acceptance): string {
  return `accepted by ${by} until ${expires}: ${reason}`;
}
