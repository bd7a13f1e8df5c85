import type { Problem, ProblemError } from '@atlas/runtime';

/** Refuses filters that each fit the contract, but not together. */
export function filterInvalid(errors: readonly ProblemError[]): Problem<400, 'filter-invalid'> {
  return {
    status: 400,
    problem: {
      code: 'filter-invalid',
      detail: 'the filters do not go together; errors say why',
      errors,
    },
  };
}
