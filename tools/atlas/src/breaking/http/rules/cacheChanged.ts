import { EXTENSION } from '@atlas/ir';
import type { HttpRule } from '../context.ts';
import { changedEdgeKey } from '../edgeKeys.ts';

export const cacheChanged: HttpRule = {
  id: 'cache-changed',
  purpose: 'The gateway gives answers again for another time or to others, so a client may see older ones.',
  level: 'wire',
  check: (context) => changedEdgeKey(context, EXTENSION.cache, 'cache-changed'),
};
