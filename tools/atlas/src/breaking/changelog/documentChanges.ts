import type { JsonValue, Loc } from '@atlas/ir';
import { shown } from '../../diagnostics/shown.ts';
import { shownPath, type Side } from '../sides/side.ts';
import type { Change } from './change.ts';
import { differences, type Difference } from './structure.ts';
import { said } from './words.ts';

/** Everything that differs in the documents of two sides. `pairs` are files that are one document under two names. */
export function documentChanges(
  old: Side,
  next: Side,
  pairs: readonly (readonly [old: string, next: string])[] = [],
): readonly Change[] {
  const renamed = new Map(pairs.map(([before, after]) => [after, before]));
  const news = documentsOf(next);
  const olds = new Set(documentsOf(old));
  const changes: Change[] = [];
  for (const file of news) {
    const before = renamed.get(file) ?? file;
    olds.delete(before);
    changes.push(...ofFile(old, next, before, file));
  }
  for (const file of olds) changes.push(...ofFile(old, next, file, file));
  return changes;
}

/** The documents without the configuration, which is read first and promises nothing. */
function documentsOf({ workspace }: Side): readonly string[] {
  return [...workspace.documents.keys()].slice(workspace.config.out === '' ? 0 : 1);
}

function ofFile(old: Side, next: Side, before: string, after: string): readonly Change[] {
  const [was, is] = [old.workspace.documents.get(before)?.value, next.workspace.documents.get(after)?.value];
  if (was === undefined || is === undefined) {
    const [side, file, kind] =
      is === undefined ? ([old, before, 'removed'] as const) : ([next, after, 'added'] as const);
    const loc = placeOf(side, file, '');
    const subject = shownPath(side, file);
    return [{ kind, subject, what: '', ...(kind === 'removed' ? { old: loc } : { new: loc }) }];
  }
  return [...differences(was, is)].map((difference) => ofDifference(difference, { old, next, before, after, was, is }));
}

interface Pair {
  readonly old: Side;
  readonly next: Side;
  readonly before: string;
  readonly after: string;
  readonly was: JsonValue;
  readonly is: JsonValue;
}

function ofDifference({ kind, ...parts }: Difference, pair: Pair): Change {
  const { old, next, before, after, was, is } = pair;
  const { subject, what, isWords } = parts.new
    ? said(is, parts.new.pointer, shownPath(next, after))
    : said(was, parts.old?.pointer ?? '', shownPath(old, before));
  return {
    kind: isWords ? 'words' : kind,
    subject,
    what,
    ...(parts.old && parts.new ? { values: { old: shown(parts.old.value), new: shown(parts.new.value) } } : {}),
    ...(parts.old ? { old: placeOf(old, before, parts.old.pointer) } : {}),
    ...(parts.new ? { new: placeOf(next, after, parts.new.pointer) } : {}),
  };
}

function placeOf(side: Side, file: string, pointer: string): Loc {
  const { key } = side.workspace.locOf(file, pointer);
  return { ...key, pointer, file: shownPath(side, file) };
}
