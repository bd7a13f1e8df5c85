import type { Loc } from '@atlas/ir';

/** One difference between two versions, whether it hurts somebody or not. */
export interface Change {
  /** `words`: a description, an example and the like, which no program reads. */
  readonly kind: 'added' | 'removed' | 'changed' | 'words';
  /** What it belongs to, such as `POST /bookings`, `schema Booking` or `table booking`. */
  readonly subject: string;
  /** What of it, such as `parameter limit`; empty for the subject itself. */
  readonly what: string;
  /** For a value that changed: both, as JSON and cut. */
  readonly values?: { readonly old: string; readonly new: string };
  /** In the old version. */
  readonly old?: Loc;
  readonly new?: Loc;
}
