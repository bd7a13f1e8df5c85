import type { HttpRule } from '../context.ts';
import { goneOperations } from '../goneOperations.ts';

export const methodRemoved: HttpRule = {
  id: 'method-removed',
  purpose: 'A path no longer has a method, so a client that uses it gets 405.',
  level: 'wire',
  check: (context) => goneOperations(context, 'method', 'method-removed'),
};
