import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { migrations } from './migrations.ts';
import { outboxFiles } from './outboxFiles.ts';

/**
 * SHA-256 of each file, for a service called `bookings`. A database that has a file refuses any other text of it. So an
 * entry never changes or disappears, and a new migration is a new entry at the end.
 */
const FROZEN = [
  ['0001_atlas.sql', 'a4d384c47231d9e8ac0704de621419b8de4e73d2989efbfa16c05543716b4cfc'],
  ['0002_retention.sql', '43b003445db5997534eafd8e63e47edcb0de8d79efc2e9fe3c202c9ed6321c33'],
  ['0003_identity_and_offsets.sql', '86fd1af00782cc0ec4aa5c80e8e12dc4d9d568d46f45a49df956f57f782d9e2e'],
  ['0004_timers.sql', 'e19435bde2635ad6d6a71fd997ec3d1cf21fef1487ac3228bcd2ff18cb608241'],
  ['0005_as_of.sql', 'cd2a0e7a76e94fed44c7de1a43994ed8a0faf3cbbfce0219afdf5b70dccd878f'],
];

/** A migration that the toolkit does not have. */
const SEATS = { name: 'seats', sql: () => 'SELECT 1;\n' };

describe('the migrations of the plumbing', () => {
  it('are the files that databases have, byte for byte', () => {
    const files = outboxFiles({ name: 'bookings' });
    expect(files.map(({ path, text }) => [path, createHash('sha256').update(text).digest('hex')])).toEqual(FROZEN);
  });

  it('have names and texts that the migration runner accepts', () => {
    for (const { path, text } of outboxFiles({ name: 'bookings' })) {
      expect(path).toMatch(/^\d{4}_[a-z0-9_]+\.sql$/);
      expect(text, path).not.toMatch(/^\s*(BEGIN|COMMIT|ROLLBACK)\s*;/im);
    }
  });

  it('are numbered by their place in the list', () => {
    const [, second] = outboxFiles({ name: 'bookings' }, [...migrations.slice(0, 1), SEATS]);
    expect(second?.path).toBe('0002_seats.sql');
  });

  it('name the file that has their SQL, if they are newer than the ones that databases have', () => {
    const next = outboxFiles({ name: 'bookings' }, [...migrations.slice(0, 5), SEATS]).at(-1);
    expect(next?.text).toContain('-- Source: templates/outbox/0006_seats.ts\n');
  });

  it('name files that exist', () => {
    const sources = outboxFiles({ name: 'bookings' }).map(
      ({ text }) => /^-- Source: templates\/(\S+)$/m.exec(text)?.[1],
    );
    const missing = sources.filter((path) => path !== undefined && !existsSync(new URL(`../${path}`, import.meta.url)));
    expect(missing).toEqual([]);
  });

  it('name the role of a service with several words as its database is named', () => {
    const [file] = outboxFiles({ name: 'box-office' }, [{ name: 'role', sql: (app) => app }]);
    expect(file?.text).toMatch(/\n'box_office_app'$/);
  });

  it('name the role of the service as a literal', () => {
    const sql = (app: string): string => app;
    const [file] = outboxFiles({ name: "o'clock" }, [{ name: 'role', sql }]);
    expect(file?.text).toMatch(/\n'o''clock_app'$/);
  });
});
