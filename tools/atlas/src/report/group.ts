import type { Diagnostic } from '../diagnostics/diagnostic.ts';

/** More findings of one kind than this are grouped: people fix the first ones, and see that the others are the same. */
const MOST = 5;
/** So many findings of a group are printed. */
const SHOWN = 3;

/** A finding, and how many more of its kind are not shown. */
export interface Grouped {
  readonly diagnostic: Diagnostic;
  readonly more: number;
}

/**
 * Sorted findings for a reader. If there are many of one kind, the first three stay, and the third says how many more
 * there are. Two findings are of one kind if their messages differ only in names, numbers and methods.
 */
export function grouped(diagnostics: readonly Diagnostic[]): readonly Grouped[] {
  const sizes = new Map<string, number>();
  for (const diagnostic of diagnostics) sizes.set(kindOf(diagnostic), (sizes.get(kindOf(diagnostic)) ?? 0) + 1);
  const seen = new Map<string, number>();
  return diagnostics.flatMap((diagnostic): Grouped[] => {
    const kind = kindOf(diagnostic);
    const size = sizes.get(kind) ?? 0;
    const count = (seen.get(kind) ?? 0) + 1;
    seen.set(kind, count);
    if (size <= MOST) return [{ diagnostic, more: 0 }];
    return count > SHOWN ? [] : [{ diagnostic, more: count === SHOWN ? size - SHOWN : 0 }];
  });
}

/** Words of a message that are plain English stay. Quoted texts, paths, and words with other signs are names. */
function kindOf({ code, severity, message }: Diagnostic): string {
  const words = message.replaceAll(/"(?:[^"\\]|\\.)*"|\{[^}]*\}|\/\S*/g, '…').split(' ');
  return `${code} ${severity} ${words.map((word) => (PLAIN.test(word) ? word : '…')).join(' ')}`;
}

const PLAIN = /^[a-z]+[,:;.]?$/;
