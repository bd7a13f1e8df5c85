import { EXTENSION } from '@atlas/ir';
import type { HttpRule } from '../context.ts';
import { changedEdgeKey } from '../edgeKeys.ts';

export const timeoutChanged: HttpRule = {
  id: 'timeout-changed',
  purpose: 'The gateway waits for an answer for a shorter or a longer time before it answers with an error itself.',
  level: 'wire',
  check: (context) => changedEdgeKey(context, EXTENSION.timeout, 'timeout-changed'),
};
