import type { Loc } from '@atlas/ir';

/** One difference between two versions, whether or not it breaks anybody. */
export interface Change {
  /** `words`: a description, an example and the like, which no program reads. */
  readonly kind: 'added' | 'removed' | 'changed' | 'words';
  /** What it belongs to, such as `POST /bookings`, `schema Booking` or `table booking`. */
  readonly subject: string;
  /** What of it, such as `parameter limit`; empty for the subject itself. */
  readonly what: string;
  /** If a value changed: the old and the new one, as JSON and shortened. */
  readonly values?: { readonly old: string; readonly new: string };
  /** In the old version. */
  readonly old?: Loc;
  readonly new?: Loc;
}
