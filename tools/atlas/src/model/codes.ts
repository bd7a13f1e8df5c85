import type { CodeInfo } from '../diagnostics/diagnostic.ts';

/** Codes of building the model. */
export const modelCodes: readonly CodeInfo[] = [
  {
    code: 'ATL5001',
    title: 'unsupported part of a spec',
    explain: {
      why: 'The rules should have refused this part, but it reached the model. Atlas reports it instead of leaving it out.',
    },
  },
];
