import type { ProblemError } from '../../contract/handler.ts';

/** What compiled code notes for `unevaluatedProperties` and `unevaluatedItems`: what was looked at. */
interface Evaluated {
  props?: true | Readonly<Record<string, true>> | undefined;
  items?: true | number | Readonly<Record<string, true>> | undefined;
  readonly dynamicProps?: boolean;
  readonly dynamicItems?: boolean;
}

interface Context {
  readonly instancePath: string;
  /** How many errors the caller still takes. */
  readonly room: number;
}

/** A compiled schema that other schemas refer to. What it says besides its verdict is in its properties. */
interface SchemaFunction {
  (value: unknown, context?: Context): boolean;
  errors?: ProblemError[] | null;
  evaluated?: Evaluated;
}

interface Outcome extends Context {
  readonly isValid: boolean;
  readonly errors: readonly ProblemError[];
  readonly props: Evaluated['props'];
  readonly items: Evaluated['items'];
}

/** The outcomes of the value that is being validated, per schema. */
const current: Map<unknown, Outcome>[] = [];

/**
 * Wraps a compiled schema to which several ways lead for the same value, such as two parts of an `allOf`, so that a
 * value is judged by it once. Otherwise the work could double with each level of schemas or of the value. Generated
 * code calls the wrapper by the name under which `judge` leaves its errors.
 */
export function judgeOnce(judge: (value: unknown, context?: Context) => boolean): SchemaFunction {
  const outcomes = new Map<unknown, Outcome>();
  const once: SchemaFunction = (value, context) => {
    const { instancePath = '', room = Infinity } = context ?? {};
    const known = outcomes.get(value);
    if (known && holds(known, room)) {
      if (once.evaluated) restore(once.evaluated, known);
      once.errors = errorsAt(known, instancePath, room);
      return known.isValid;
    }
    if (outcomes.size === 0) current.push(outcomes);
    const isValid = judge(value, context);
    const { props, items } = once.evaluated ?? {};
    // Copies, because callers add to what they get.
    const errors = [...(once.errors ?? [])];
    outcomes.set(value, { isValid, errors, instancePath, room, props: copied(props), items });
    return isValid;
  };
  return once;
}

/** Forgets all outcomes: they are about one value, which may change before it is validated again. */
export function forgetOutcomes(): void {
  for (const outcomes of current) outcomes.clear();
  current.length = 0;
}

/** Whether an outcome has all errors that a caller takes. If not, the value is judged again: at most once per error. */
function holds({ errors, room }: Outcome, wanted: number): boolean {
  return wanted <= room || errors.length < room;
}

/** The errors for a value that may be equal to the judged one but elsewhere. */
function errorsAt({ errors, instancePath }: Outcome, at: string, room: number): ProblemError[] | null {
  if (errors.length === 0 || room <= 0) return null;
  return errors
    .slice(0, room)
    .map(({ pointer, detail }) => ({ pointer: at + pointer.slice(instancePath.length), detail }));
}

function restore(evaluated: Evaluated, { props, items }: Outcome): void {
  if (evaluated.dynamicProps === true) evaluated.props = copied(props);
  if (evaluated.dynamicItems === true) evaluated.items = items;
}

function copied(props: Evaluated['props']): Evaluated['props'] {
  return typeof props === 'object' ? { ...props } : props;
}
