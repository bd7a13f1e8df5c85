import type { Loc } from '@atlas/ir';
import type { Change } from '../../breaking/changelog/change.ts';
import { counts, type BreakingFinding, type BreakingReport } from '../../breaking/finding.ts';
import { printable } from '../frame.ts';
import { escaped } from './markdown.ts';

/** One heading of a changelog with its lines. */
interface Section {
  readonly title: string;
  readonly lines: readonly string[];
}

/** Everything that differs, with the breaks first: for a release, in text or in Markdown. */
export function changelog(report: BreakingReport, format: 'text' | 'markdown'): string {
  const sections = sectionsOf(report);
  const isText = format === 'text';
  if (sections.length === 0) return isText ? 'nothing changed\n' : 'Nothing changed.\n';
  const parts = sections.map(({ title, lines }) => {
    const head = isText ? title : `### ${title}`;
    const list = lines.map((line) => (isText ? `  ${printable(line)}` : `- ${escaped(line)}`));
    return `${[head, ...(isText ? [] : ['']), ...list].join('\n')}\n`;
  });
  return parts.join('\n');
}

function sectionsOf(report: BreakingReport): readonly Section[] {
  const { findings } = report;
  const about = findings.filter(({ protocol }) => protocol !== 'policy');
  const [errors, accepted] = [about.filter(counts), about.filter((finding) => finding.accepted)];
  const left = about.filter((finding) => !counts(finding) && !finding.accepted);
  const others = (report.changes?.() ?? []).filter((change) => change.kind === 'words' || !isSaid(change, about));
  const of = (kind: Change['kind']): readonly string[] => linesOf(others.filter((change) => change.kind === kind));
  return [
    { title: 'Breaking', lines: errors.map(findingLine) },
    { title: 'Breaking, and accepted', lines: accepted.map(findingLine) },
    { title: 'May break', lines: left.filter(({ severity }) => severity === 'warning').map(findingLine) },
    { title: 'Added', lines: of('added') },
    {
      title: 'Changed',
      lines: [...left.filter(({ severity }) => severity === 'info').map(findingLine), ...of('changed')],
    },
    { title: 'Removed', lines: of('removed') },
    { title: 'Words', lines: of('words') },
  ].filter(({ lines }) => lines.length > 0);
}

function findingLine({ message, change, reaches }: BreakingFinding): string {
  const reached =
    reaches.length > 3 ? `${reaches.slice(0, 3).join(', ')} and ${reaches.length - 3} more` : reaches.join(', ');
  return `${message}${reached === '' || message.includes(reached) ? '' : ` (${reached})`} [${change}]`;
}

/** Everything about one subject is in one line, if nothing is said about the values. */
function linesOf(changes: readonly Change[]): readonly string[] {
  const bySubject = Map.groupBy(changes, ({ subject }) => subject);
  return [...bySubject].flatMap(([subject, list]) => {
    const plain = list.filter(({ values, kind }) => !values || kind === 'words').map(({ what }) => what);
    const named = [...new Set(plain.filter((what) => what !== ''))];
    const valued = list.flatMap(({ what, values, kind }) =>
      values && kind !== 'words' ? [`${subject}: ${what}: ${values.old} is now ${values.new}`] : [],
    );
    if (plain.includes('') && valued.length === 0 && named.length === 0) return [subject];
    return [...(named.length > 0 ? [`${subject}: ${named.join(', ')}`] : []), ...valued];
  });
}

/** Whether a finding is about the same part of a document, about a part of it, or about the keyword around it. */
function isSaid(change: Change, findings: readonly BreakingFinding[]): boolean {
  return findings.some(
    ({ old, new: next, protocol }) =>
      isAt(change.old, old, protocol) || isAt(change.new, next, protocol) || isAt(change.new, old, protocol),
  );
}

function isAt(change: Loc | undefined, finding: Loc | undefined, protocol: BreakingFinding['protocol']): boolean {
  if (!change || !finding || change.file !== finding.file) return false;
  const [at, about] = [`${change.pointer}/`, `${finding.pointer}/`];
  // If something is said about a table, its columns are not listed.
  const inKeyword = protocol !== 'db' && at.startsWith(about) && at.slice(about.length).split('/').length <= 2;
  return about.startsWith(at) || inKeyword;
}
