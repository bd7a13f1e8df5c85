import type { Loc } from '@atlas/ir';
import { explainChange } from '../../breaking/changes.ts';
import { isBreaking, type BreakingFinding, type BreakingReport } from '../../breaking/finding.ts';
import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import type { Format } from '../formats.ts';
import { render } from '../render.ts';
import { breakingMarkdown } from './markdown.ts';
import { breakingText } from './text.ts';
import { acceptedBy, verdictOf } from './verdict.ts';

export type BreakingFormat = Format | 'markdown';

/** A report as one text in a format. The formats of other programs have no infos. */
export function renderBreaking(report: BreakingReport, format: BreakingFormat, color: boolean): string {
  switch (format) {
    case 'text':
      return breakingText(report, color);
    case 'json':
      return breakingJson(report);
    case 'markdown':
      return breakingMarkdown(report);
    case 'github-actions':
    case 'junit':
    case 'sarif':
      return render(report.findings.flatMap(asDiagnostic), {
        format,
        sources: report.sources,
        color: false,
        purposeOf: (change) => explainChange(change)?.purpose,
      });
  }
}

/**
 * One object with a version, the verdict, what was compared and how, and the findings. The verdict and the first keys
 * of a finding are the same as in the JSON form of all commands. `breaking` says the same as the exit code.
 */
function breakingJson(report: BreakingReport): string {
  const { compared, notCompared, strict, mode } = report;
  const findings = report.findings.map(ordered);
  const verdict = findings.length === 0 ? 'clean' : 'findings';
  const how = { version: 1, verdict, breaking: isBreaking(report), strict, mode };
  return `${JSON.stringify({ ...how, compared, notCompared, findings }, null, 2)}\n`;
}

/** The keys of each finding in the same order, which JSON keeps; absent ones stay absent. */
function ordered(finding: BreakingFinding): object {
  const { protocol, level, severity, change, message, old, new: next } = finding;
  const { reaches, consumers, witness, unproven, safePath, fingerprint, accepted } = finding;
  const { file, line, column, pointer } = next ?? old ?? START;
  const common = { code: change, severity, message, file, line, column, pointer };
  return {
    ...common,
    protocol,
    level,
    change,
    old,
    new: next,
    reaches,
    consumers,
    witness,
    unproven,
    safePath,
    fingerprint,
    accepted,
  };
}

const START: Loc = { file: '', line: 1, column: 1, pointer: '' };

function asDiagnostic(finding: BreakingFinding): readonly Diagnostic[] {
  const { severity, change, message, old, new: next, witness, safePath, reaches, consumers, accepted } = finding;
  if (severity === 'info') return [];
  const hit = consumers.length === 0 ? [] : [`consumers: ${consumers.join(', ')}`];
  const around = [reaches.join(', '), ...hit].filter((text) => text !== '').join('; ');
  const reached = around === '' ? '' : ` (${around})`;
  const proof = witness?.shown === undefined ? '' : `\n${verdictOf(witness)}:\n${witness.shown}`;
  return [
    {
      code: change,
      severity,
      message: `${message}${reached}${proof}`,
      loc: next ?? old ?? START,
      ...(accepted ? { accepted: acceptedBy(accepted) } : {}),
      ...(safePath ? { fix: `safe path: ${safePath.join('; then ')}` } : {}),
      ...(old && next ? { related: [{ loc: old, message: 'the old version' }] } : {}),
    },
  ];
}
