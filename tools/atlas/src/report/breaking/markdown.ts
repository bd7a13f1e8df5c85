import type { Loc } from '@atlas/ir';
import { isBreaking, type BreakingFinding, type BreakingReport } from '../../breaking/finding.ts';
import { count } from '../../diagnostics/shown.ts';
import { printable } from '../frame.ts';
import { verdictOf } from './verdict.ts';

/** For a comment on a pull request: the verdict, then one section per finding with its witness. */
export function breakingMarkdown(report: BreakingReport): string {
  const { findings, notCompared } = report;
  const errors = findings.filter(({ severity }) => severity === 'error').length;
  const head = isBreaking(report) ? `### ${count(errors, 'breaking change')}` : '### No breaking change was found';
  const rest = notCompared.length === 0 ? [] : [`Not compared: ${notCompared.map(escaped).join(', ')}.`];
  return `${[head, ...rest, ...findings.map(section)].join('\n\n')}\n`;
}

function section(finding: BreakingFinding): string {
  const { severity, change, message, old, new: next, reaches, witness, unproven = [], safePath = [] } = finding;
  const places = [place('old', old), place('new', next)].filter((text) => text !== '').join(', ');
  const blocks = [
    `#### ${severity}: ${escaped(message)} (\`${change}\`)`,
    `${places}${reaches.length === 0 ? '' : `; reaches ${reaches.map(escaped).join(', ')}`}`,
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
function escaped(text: string): string {
  return printable(text).replaceAll(/[\\`*_[\]<>#|!@&~]/g, (char) => (char === '@' ? '@\u200b' : `\\${char}`));
}

/** A fence that is longer than every row of backticks inside. */
function fenced(text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}\n${text.split('\n').map(printable).join('\n')}\n${fence}`;
}
