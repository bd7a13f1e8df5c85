import type { RuleFinding } from '../rule.ts';
import type { ChangedFile, TableContext } from './context.ts';
import { placeIn } from './migrations.ts';
import { literal } from './pools.ts';

/** A finding about a file of migrations. The witness is a query that asks a database which has applied it. */
export function fileFinding(
  { service }: TableContext,
  file: ChangedFile,
  said: Pick<RuleFinding, 'change' | 'message' | 'safePath'> & {
    /** What the new version has instead. */
    readonly now: string;
  },
): RuleFinding {
  const { now, ...about } = said;
  const { scope, name, checksum } = file.old;
  const pointer = `/${scope}/${(file.kind === 'late' ? file.new : file.old).name}`;
  const question = `SELECT checksum FROM atlas_migration WHERE scope = ${literal(scope)} AND name = ${literal(name)}`;
  return {
    ...about,
    protocol: 'db',
    severity: 'error',
    old: placeIn(file.old, 0, pointer),
    ...(file.kind === 'removed' ? {} : { new: placeIn(file.new, 0, pointer) }),
    reaches: [service],
    witness: { acceptedBy: 'old', value: question, at: '', shown: `${question};\n-- ${checksum}, but ${now}` },
  };
}
