import type { Problem, ProblemError } from '@atlas/runtime';

/** The problem if filters fit the contract one by one, but not together. */
export function filterInvalid(errors: readonly ProblemError[]): Problem<400, 'filter-invalid'> {
  return {
    status: 400,
    problem: {
      code: 'filter-invalid',
      detail: 'the filters do not fit together; errors say why',
      errors,
    },
  };
}

/** The errors if a range begins after its end. Both of its parameters are named, because either may be wrong. */
export function rangeErrors(
  [first, from]: readonly [name: string, value: string | number | undefined],
  [last, to]: readonly [name: string, value: string | number | undefined],
): readonly ProblemError[] {
  if (from === undefined || to === undefined || from <= to) return [];
  return [
    { pointer: `/query/${first}`, detail: `${from} is after ${last}, which is ${to}` },
    { pointer: `/query/${last}`, detail: `${to} is before ${first}, which is ${from}` },
  ];
}
