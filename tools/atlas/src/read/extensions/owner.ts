import { EXTENSION } from '@atlas/ir';
import type { Cursor } from '../../document/cursor.ts';

/** The team that owns a service, as the `info` of its document says: `x-atlas-owner`. */
export function ownerOf(root: Cursor | undefined): string | undefined {
  return root?.at('info', EXTENSION.owner)?.string();
}

/** Who owns the topic of a channel, if no service of the configuration does: `x-atlas-foreign`. */
export function foreignOf(channel: Cursor): string | undefined {
  return channel.get(EXTENSION.foreign)?.string();
}
