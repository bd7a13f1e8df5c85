import type { CodeInfo } from '../diagnostics/diagnostic.ts';

/** Codes of building the model. */
export const irCodes: readonly CodeInfo[] = [
  {
    code: 'ATL5001',
    title: 'a part of a spec that the model has no place for',
    explain: {
      why: 'Something that the rules should have refused reached the model. It is said here rather than left out in silence.',
    },
  },
];
