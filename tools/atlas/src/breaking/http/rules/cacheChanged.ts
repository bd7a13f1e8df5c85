import { EXTENSION } from '@atlas/ir';
import type { HttpRule } from '../context.ts';
import { changedEdgeKey } from '../edgeKeys.ts';

export const cacheChanged: HttpRule = {
  id: 'cache-changed',
  purpose: 'The gateway caches answers for another time or for other callers, so a client may see older answers.',
  level: 'wire',
  check: (context) => changedEdgeKey(context, EXTENSION.cache, 'cache-changed'),
};
