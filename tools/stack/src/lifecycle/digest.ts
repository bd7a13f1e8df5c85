import { createHash } from 'node:crypto';
import type { Part, PartContext } from '../parts/part.ts';

/** Tells whether a running process still has the settings it would be started with now. */
export function settingsDigest(part: Part, context: PartContext): string {
  return createHash('sha256').update(part.settings(context)).digest('hex').slice(0, 16);
}
