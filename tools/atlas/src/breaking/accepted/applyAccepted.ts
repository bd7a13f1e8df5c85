import type { BreakingFinding, BreakingReport } from '../finding.ts';
import type { AcceptedBreak, AcceptedFile } from './readAccepted.ts';

/** What an entry of accepted-breaks.yaml can be found to be, for `atlas explain`. */
export const ENTRY_CHANGES: Readonly<Record<string, string>> = {
  'accepted-break-expired':
    'An entry of accepted-breaks.yaml has expired, so the break counts again: undo it, or argue for a later date.',
  'accepted-break-stale':
    'An entry of accepted-breaks.yaml matches nothing in the comparison that it is for. It would hide the same break later: remove it.',
};

/** How a file of accepted breaks is applied. */
export interface Applied {
  /** The path of the file in places. */
  readonly file: string;
  /** The day, as `2031-12-31` (UTC). */
  readonly today: string;
  /**
   * Whether the entries were written for this comparison. Otherwise one that matches nothing may be about a change that
   * the old version already has, or about something that the old version does not have yet.
   */
  readonly isForThis: boolean;
}

/**
 * The report with accepted breaks marked, and with a warning for each entry that has expired or is stale. A stale entry
 * only warns, because after a merge it is still in the branches of others.
 */
export function applyAccepted(
  report: BreakingReport,
  { breaks, text }: AcceptedFile,
  { file, today, isForThis }: Applied,
): BreakingReport {
  const byPrint = new Map(breaks.map((entry) => [entry.fingerprint, entry]));
  const used = new Set<AcceptedBreak>();
  const about: BreakingFinding[] = [];
  const findings = report.findings.map((finding): BreakingFinding => {
    const entry = byPrint.get(finding.fingerprint);
    if (entry?.change !== finding.change) return finding;
    used.add(entry);
    const { reason, by, expires } = entry;
    if (expires >= today) return { ...finding, accepted: { reason, by, expires } };
    const message = `the entry expired on ${expires}, so ${finding.change} counts again: ${finding.message}`;
    about.push(entryFinding(entry, 'accepted-break-expired', message));
    return finding;
  });
  const unmatched = breaks.filter((one) => !used.has(one));
  const stale = unmatched.filter(
    ({ fingerprint, expires }) =>
      isForThis || expires < today || findings.some((finding) => finding.fingerprint === fingerprint),
  );
  for (const entry of stale)
    about.push(entryFinding(entry, 'accepted-break-stale', `nothing was found with ${staleKey(entry, report)}`));
  return {
    ...report,
    findings: [...findings, ...about],
    sources: new Map([...report.sources, [file, text]]),
    ...(stale.length < unmatched.length ? { matched: `${used.size} of ${breaks.length} entries of ${file}` } : {}),
  };
}

/** The part of an entry that matches nothing: its fingerprint, or its change if the fingerprint was found. */
function staleKey({ fingerprint, change }: AcceptedBreak, { findings }: BreakingReport): string {
  const found = findings.find((finding) => finding.fingerprint === fingerprint);
  return found
    ? `the change ${change}; fingerprint ${fingerprint} is ${found.change}`
    : `fingerprint ${fingerprint} (${change})`;
}

function entryFinding({ loc, fingerprint }: AcceptedBreak, change: string, message: string): BreakingFinding {
  return {
    protocol: 'policy',
    level: 'policy',
    severity: 'warning',
    change,
    message,
    new: loc,
    reaches: [],
    consumers: [],
    fingerprint,
  };
}
