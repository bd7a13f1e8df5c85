import type { Loc } from '@atlas/ir';
import { counts, type BreakingFinding, type BreakingReport } from '../../breaking/finding.ts';
import { count } from '../../diagnostics/shown.ts';
import { printable } from '../frame.ts';
import { acceptLines, ACCEPT_HEAD } from './accept.ts';
import { acceptedBy, verdictOf } from './verdict.ts';

/** For a comment on a pull request: the verdict, then one section per finding with its witness. */
export function breakingMarkdown(report: BreakingReport): string {
  const { findings, notCompared } = report;
  const errors = findings.filter(counts).length;
  const accepted = findings.filter((finding) => finding.accepted).length;
  const more = accepted === 0 ? '' : `, ${accepted} accepted`;
  const head =
    errors > 0 ? `### ${count(errors, 'breaking change')}${more}` : `### No breaking change was found${more}`;
  const rest = notCompared.length === 0 ? [] : [`Not compared: ${notCompared.map(escaped).join(', ')}.`];
  const accept = acceptLines(report);
  const hint = accept.length === 0 ? [] : [`${sentence(ACCEPT_HEAD)}:`, fenced(accept.join('\n'))];
  return `${[head, ...rest, ...findings.map(section), ...hint].join('\n\n')}\n`;
}

function section(finding: BreakingFinding): string {
  const { severity, change, message, old, new: next, reaches, witness, unproven = [], safePath = [] } = finding;
  const { accepted, consumers } = finding;
  const places = [place('old', old), place('new', next)].filter((text) => text !== '').join(', ');
  const blocks = [
    `#### ${accepted ? 'accepted' : severity}: ${escaped(message)} (\`${change}\`)`,
    `${places}${reaches.length === 0 ? '' : `; reaches ${reaches.map(escaped).join(', ')}`}${consumers.length === 0 ? '' : `; consumers ${consumers.map(escaped).join(', ')}`}`,
    ...(accepted ? [escaped(sentence(acceptedBy(accepted)))] : []),
    ...unproven.map(({ detail }) => `Unproven: ${escaped(detail)}`),
    ...(witness?.shown === undefined ? [] : [`${sentence(verdictOf(witness))}:`, fenced(witness.shown)]),
    ...(safePath.length === 0 ? [] : [safePath.map((step, index) => `${index + 1}. ${escaped(step)}`).join('\n')]),
  ];
  return blocks.join('\n\n');
}

function place(side: string, loc: Loc | undefined): string {
  return loc ? `${side} ${escaped(`${loc.file}:${loc.line}`)}` : '';
}

function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** Text of a spec must not become a link, an image, a mention or HTML. */
export function escaped(text: string): string {
  return printable(text).replaceAll(/[\\`*_[\]<>#|!@&~]/g, (char) => (char === '@' ? '@\u200b' : `\\${char}`));
}

/** A fence that is longer than every run of backticks inside. */
function fenced(text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}\n${text.split('\n').map(printable).join('\n')}\n${fence}`;
}
