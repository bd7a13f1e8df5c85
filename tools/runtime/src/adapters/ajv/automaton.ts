/**
 * A pattern whose time is proportional to the length of a text, while a regular expression could take exponential time.
 * Each of the `states` has first whether a text may end there (1), then its steps: the first and the last code point,
 * and the next state. The first state is the initial one.
 */
export function automaton(states: readonly (readonly number[])[]): { test(text: string): boolean } {
  return {
    test(text) {
      let state: readonly number[] | undefined = states[0];
      for (let at = 0; at < text.length && state !== undefined;) {
        const letter = text.codePointAt(at) ?? 0;
        at += letter > 0xffff ? 2 : 1;
        state = after(states, state, letter);
      }
      return state?.[0] === 1;
    },
  };
}

function after(
  states: readonly (readonly number[])[],
  state: readonly number[],
  letter: number,
): readonly number[] | undefined {
  for (let step = 1; step < state.length; step += 3) {
    const [from = 0, to = 0, next = 0] = [state[step], state[step + 1], state[step + 2]];
    if (letter >= from && letter <= to) return states[next];
  }
  return undefined;
}
