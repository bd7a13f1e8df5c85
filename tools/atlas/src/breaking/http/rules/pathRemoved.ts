import type { HttpRule } from '../context.ts';
import { goneOperations } from '../goneOperations.ts';

export const pathRemoved: HttpRule = {
  id: 'path-removed',
  purpose: 'A path is no longer there, so a client that calls it gets 404.',
  level: 'wire',
  check: (context) => goneOperations(context, 'path', 'path-removed'),
};
