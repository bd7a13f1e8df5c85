import { createHash } from 'node:crypto';
import type { Part, PartContext } from '../parts/part.ts';

/** A digest of a part's settings. If it differs from that of a running process, the process has old settings. */
export function settingsDigest(part: Part, context: PartContext): string {
  return createHash('sha256').update(part.settings(context)).digest('hex').slice(0, 16);
}
