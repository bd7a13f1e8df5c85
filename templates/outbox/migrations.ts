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

/**
 * An instance of the release before may run while this is applied. It does not know the column, so the instant does
 * not advance. Like the text of each migration, this one never changes again, because databases have its checksum.
 */
const AS_OF = `-- Everything that was published in the partition before this instant is consumed. 1970 means that nobody knows an instant.
ALTER TABLE atlas_fence ADD COLUMN as_of timestamptz NOT NULL DEFAULT 'epoch';
`;

/** Append only: a new migration is a new entry at the end, as README.md says. */
export const migrations: readonly Migration[] = [
  { name: 'atlas', sql: atlas },
  { name: 'retention', sql: retention },
  { name: 'identity_and_offsets', sql: identityAndOffsets },
  { name: 'timers', sql: timers },
  { name: 'as_of', sql: () => AS_OF },
];
