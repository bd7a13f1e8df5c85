import { styleText } from 'node:util';
import type { Loc } from '@atlas/ir';
import type { BreakingFinding, BreakingReport } from '../../breaking/finding.ts';
import { frame, printable } from '../frame.ts';
import { acceptLines, ACCEPT_HEAD } from './accept.ts';
import { acceptedBy, verdictOf } from './verdict.ts';

type Paint = (style: 'red' | 'yellow' | 'cyan' | 'dim' | 'bold', text: string) => string;

const COLORS = { error: 'red', warning: 'yellow', info: 'cyan' } as const;

/** Operations that are listed. The others are counted. */
const MOST_REACHED = 5;

/** For people: each finding with both code frames, its witness to paste, and the safe path. */
export function breakingText(report: BreakingReport, color: boolean): string {
  const { findings, sources } = report;
  const paint: Paint = (style, text) => (color ? styleText(style, text, { validateStream: false }) : text);
  const lines = acceptLines(report);
  const hint = lines.length === 0 ? [] : [paint('dim', `${ACCEPT_HEAD}:`), ...lines.map((line) => `  ${line}`)];
  return [...findings.map((finding) => one(finding, sources, paint)), ...(hint.length === 0 ? [] : [hint])]
    .map((part) => `${part.join('\n')}\n`)
    .join('\n');
}

function one(finding: BreakingFinding, sources: BreakingReport['sources'], paint: Paint): readonly string[] {
  const { severity, change, message, level, old, new: next, witness, unproven = [], safePath = [] } = finding;
  const { accepted } = finding;
  const source = level === 'source' ? ' (in generated code only)' : '';
  return [
    `${accepted ? paint('dim', `accepted[${change}]`) : paint(COLORS[severity], `${severity}[${change}]`)}: ${paint('bold', printable(message))}${source}`,
    ...placed(old, 'old', sources, paint),
    ...placed(next, 'new', sources, paint),
    ...(accepted ? [`  ${printable(acceptedBy(accepted))}`] : []),
    ...(finding.reaches.length > 0 ? [`  reaches: ${printable(reached(finding.reaches))}`] : []),
    ...(finding.consumers.length > 0 ? [`  consumers: ${printable(finding.consumers.join(', '))}`] : []),
    ...unproven.map(({ detail }) => `  unproven: ${printable(detail)}`),
    ...(witness?.shown === undefined
      ? []
      : [`  ${verdictOf(witness)}:`, ...witness.shown.split('\n').map((line) => `    ${printable(line)}`.trimEnd())]),
    ...(safePath.length > 0 ? ['  safe path:'] : []),
    ...safePath.map((step, index) => `    ${index + 1}. ${printable(step)}`),
    paint('dim', `  atlas explain ${change} · fingerprint ${finding.fingerprint}`),
  ];
}

function placed(
  loc: Loc | undefined,
  side: string,
  sources: BreakingReport['sources'],
  paint: Paint,
): readonly string[] {
  if (!loc) return [];
  const { file, line, column } = loc;
  const source = sources.get(file);
  return [
    `  ${paint('cyan', '-->')} ${side} ${printable(file)}:${line}:${column}`,
    ...(source === undefined ? [] : frame({ source, line, column, paint })),
  ];
}

function reached(names: readonly string[]): string {
  const more = names.length - MOST_REACHED;
  return `${names.slice(0, MOST_REACHED).join(', ')}${more > 0 ? `, and ${more} more` : ''}`;
}
