import { createHash } from 'node:crypto';
import type { Loc } from '@atlas/ir';
import type { BreakingFinding } from './finding.ts';

export type SafePath = readonly string[] | ((reaches: readonly string[]) => readonly string[]);

/** A finding before the findings of one edit are merged. */
export type Draft = Omit<BreakingFinding, 'consumers' | 'fingerprint' | 'safePath'> & {
  readonly consumers?: readonly string[];
  /** Steps, or what they are for everything that the finding reaches once findings of one edit are put together. */
  readonly safePath?: SafePath;
  /**
   * What the fingerprint has instead of pointers that edits elsewhere would change, because they contain indices of
   * lists.
   */
  readonly spot?: string;
  /**
   * The document whose releases the steps belong to, as the report shows it, if it is another one than that of the old
   * place, which may be the file of an Avro schema.
   */
  readonly document?: string;
};

/**
 * One finding per change and place, with everything that it reaches. `subject`, such as the name of a service,
 * distinguishes the documents of one repository in fingerprints.
 */
export function mergedDrafts(drafts: readonly Draft[], subject: string): readonly BreakingFinding[] {
  const byPrint = new Map<string, Merged>();
  for (const { spot, document: _, ...draft } of drafts) {
    const fingerprint = printOf(draft, subject, spot);
    const known = byPrint.get(fingerprint);
    const kept = known && (known.severity === 'error' || draft.severity !== 'error') ? known : draft;
    const all = (one: readonly string[] = [], other: readonly string[] = []): readonly string[] =>
      [...new Set([...one, ...other])].toSorted();
    const reaches = all(known?.reaches, draft.reaches);
    byPrint.set(fingerprint, { ...kept, reaches, consumers: all(known?.consumers, draft.consumers), fingerprint });
  }
  return [...byPrint.values()].map(({ safePath, ...finding }) => {
    if (safePath === undefined) return finding;
    return { ...finding, safePath: typeof safePath === 'function' ? safePath(finding.reaches) : safePath };
  });
}

type Merged = Omit<BreakingFinding, 'safePath'> & Pick<Draft, 'safePath'>;

function printOf({ protocol, change, old, new: next }: Draft, subject: string, spot: string | undefined): string {
  const pointer = (loc: Loc | undefined): string => loc?.pointer ?? '';
  const place = spot === undefined ? [pointer(old), pointer(next)] : [spot];
  const text = [protocol, change, subject, ...place].join('\0');
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}
