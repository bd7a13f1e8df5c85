import { edgeFindings } from '../../../read/extensions/edge.ts';
import type { Rule } from '../../rule.ts';

export const edgeKeys: Rule = {
  code: 'ATL2044',
  title: 'invalid x-atlas-cache, x-atlas-timeout or x-atlas-body-limit',
  explain: {
    why: 'These keys tell a gateway how long to cache answers, how long to wait, and how long a body may be. A key that it cannot read would silently do nothing.',
    bad: 'x-atlas-cache: { maxAge: a minute }',
    good: 'x-atlas-cache: { maxAge: 60s, scope: principal }\nx-atlas-timeout: 5s\nx-atlas-body-limit: 65536',
  },
  *check({ http }) {
    for (const { operations } of http) for (const { method, cursor } of operations) yield* edgeFindings(method, cursor);
  },
};
