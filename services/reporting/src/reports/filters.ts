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
