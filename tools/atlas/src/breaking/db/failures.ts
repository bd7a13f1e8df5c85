import { tablesOf, type Broken, type Step, type TableContext } from './context.ts';
import type { Constraint, Table } from './catalog.ts';
import type { SqlFailure } from './database.ts';

/** What a rule has reported already. The last rule reports the rest. */
const claimed = new WeakSet<Broken>();

/** The failures after a step that `wanted` selects. The last rule does not report them again. */
export function failing({ broken }: Step, wanted: (broken: Broken) => boolean): readonly Broken[] {
  const found = broken.filter(wanted);
  for (const one of found) claimed.add(one);
  return found;
}

/** Statements that fail after a step because of a table or a column, by the message of the server. */
export function failsBecauseOf(step: Step, name: string): readonly Broken[] {
  const plain = name.replaceAll(/[$()*+.?[\\\]^{|}]/g, '\\$&');
  const pattern = new RegExp(`["\\s.]${plain}["\\s]`);
  return failing(step, ({ failure }) => failure.code.startsWith('42') && pattern.test(`${failure.message} `));
}

/** Rows of a table that are refused after a step. */
export function rowsRefused(
  step: Step,
  table: string,
  code: RegExp,
  about: (failure: SqlFailure, varied: string | undefined) => boolean = () => true,
): readonly Broken[] {
  return failing(step, (one) => one.table === table && code.test(one.failure.code) && about(one.failure, one.varied));
}

/** What fails after a step and no rule has reported. */
export function unclaimed({ broken }: Step): readonly Broken[] {
  return broken.filter((one) => !claimed.has(one));
}

/** Constraints that a step adds to tables of the release before. */
export function* newConstraints(
  context: TableContext,
  step: Step,
  ...kinds: readonly Constraint['kind'][]
): Iterable<{ readonly table: Table; readonly constraint: Constraint }> {
  for (const { before, after } of tablesOf(context, step))
    for (const [id, constraint] of after?.constraints ?? [])
      if (after && kinds.includes(constraint.kind) && !before.constraints.has(id) && !isKept(before, constraint, step))
        yield { table: after, constraint };
}

/** Whether the server made a constraint again, because the type of its column changed. */
function isKept({ constraints }: Table, { name }: Constraint, { text }: Step): boolean {
  return [...constraints.values()].some((old) => old.name === name) && !text.includes(name);
}
