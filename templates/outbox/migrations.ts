import { atlas } from './0001_atlas.ts';
import { retention } from './0002_retention.ts';
import { identityAndOffsets } from './0003_identity_and_offsets.ts';
import { timers } from './0004_timers.ts';

/** A migration of the plumbing's tables. Its place in the list is its number. */
export interface Migration {
  /** What it does, in lower case with underscores: `atlas` becomes `0001_atlas.sql`. */
  readonly name: string;
  /** The SQL, without `BEGIN` and `COMMIT`. `app` is the role that runs the service, as a literal: `'bookings_app'`. */
  readonly sql: (app: string) => string;
}

/** Append only: a new migration is a new entry at the end, as README.md says. */
export const migrations: readonly Migration[] = [
  { name: 'atlas', sql: atlas },
  { name: 'retention', sql: retention },
  { name: 'identity_and_offsets', sql: identityAndOffsets },
  { name: 'timers', sql: timers },
];
