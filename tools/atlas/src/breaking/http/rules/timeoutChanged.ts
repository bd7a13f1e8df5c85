import { EXTENSION } from '@atlas/ir';
import type { HttpRule } from '../context.ts';
import { changedEdgeKey } from '../edgeKeys.ts';

export const timeoutChanged: HttpRule = {
  id: 'timeout-changed',
  purpose: 'The gateway waits a shorter or a longer time for an answer, until it answers itself that there is none.',
  level: 'wire',
  check: (context) => changedEdgeKey(context, EXTENSION.timeout, 'timeout-changed'),
};
