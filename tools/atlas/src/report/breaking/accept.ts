import { counts, type BreakingReport } from '../../breaking/finding.ts';

/** The text above the lines. */
export const ACCEPT_HEAD =
  'to accept a break until a day, fill in its line and add it below breaks in specs/accepted-breaks.yaml';

/** At most so many entries are listed, so that a document with hundreds of breaks does not print a second report. */
const MOST = 20;

/** One entry of accepted-breaks.yaml per break. The angle brackets are refused until somebody fills them in. */
export function acceptLines({ findings }: BreakingReport): readonly string[] {
  const lines = findings
    .filter(counts)
    .map(
      ({ fingerprint, change }) =>
        `- { fingerprint: '${fingerprint}', change: ${change}, reason: <why>, by: <who>, expires: <YYYY-MM-DD> }`,
    );
  return lines.slice(0, MOST);
}
