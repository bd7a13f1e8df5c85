/** The order in which names are compiled, and the references that go against it. */
export interface CompileOrder<Name> {
  /** Every name, after the names that it refers to. */
  readonly names: readonly Name[];
  /** Names that a name before them refers to, because they refer to each other in a circle. */
  readonly circular: ReadonlySet<Name>;
}

/**
 * Puts names in an order for a compiler that compiles references when it meets them. With this order it never goes
 * deeper than one name, however long a chain of references is.
 */
export function compileOrder<Name>(all: Iterable<Name>, refsOf: (name: Name) => Iterable<Name>): CompileOrder<Name> {
  const names: Name[] = [];
  const circular = new Set<Name>();
  const state = new Map<Name, 'open' | 'done'>();
  for (const first of all) {
    const stack = state.has(first) ? [] : [{ name: first, refs: refsOf(first)[Symbol.iterator]() }];
    if (stack.length > 0) state.set(first, 'open');
    for (let top = stack.at(-1); top; top = stack.at(-1)) {
      const { value: next, done } = top.refs.next();
      if (done === true) {
        stack.pop();
        state.set(top.name, 'done');
        names.push(top.name);
        continue;
      }
      if (state.get(next) === 'open') circular.add(next);
      if (state.has(next)) continue;
      state.set(next, 'open');
      stack.push({ name: next, refs: refsOf(next)[Symbol.iterator]() });
    }
  }
  return { names, circular };
}
