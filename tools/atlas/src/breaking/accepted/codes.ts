import type { CodeInfo } from '../../diagnostics/diagnostic.ts';

/** Codes for faults of the comparison itself. A difference that it finds has a change instead, such as path-removed. */
export const breakingCodes: readonly CodeInfo[] = [
  {
    code: 'ATL9001',
    title: 'accepted breaks: invalid entry',
    explain: {
      why: 'Each entry of accepted-breaks.yaml says which break is accepted, why, who answers for it and until which day. A report prints the line to add.',
      bad: "version: 1\nbreaks:\n  - { fingerprint: '819f6f9e3dd63b37' }",
      good: "version: 1\nbreaks:\n  - fingerprint: '819f6f9e3dd63b37'\n    change: path-removed\n    reason: nobody has called it since March\n    by: kim@tickets.example\n    expires: 2031-12-31",
    },
  },
];
