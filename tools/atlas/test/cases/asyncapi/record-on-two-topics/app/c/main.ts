import type { Tx } from '@atlas/runtime';
import { runMigrations } from '@atlas/runtime/migrate';
import { runService, serviceEnv } from '@atlas/runtime/service';
import { rows, slonikOf } from '@atlas/runtime/slonik';
import { contract } from '@atlas/generated-c';
import { sql } from 'slonik';

const env = serviceEnv(process.env);
const migrations = new URL('./migrations/', import.meta.url);
await runMigrations({ contract, ownerUrl: env.databaseUrl, migrations });

async function keep(tx: Tx, handler: string, eventId: string, bookingId: string): Promise<{ readonly events: readonly [] }> {
  await slonikOf(tx).query(
    sql.prepared('keep_placed', rows<never>())`
      INSERT INTO placed (event_id, handler, booking_id) VALUES (${eventId}, ${handler}, ${bookingId})`,
  );
  return { events: [] };
}

await runService(contract, {
  env,
  migrations,
  handlers: {},
  consumers: {
    onPlaced: ({ data, meta }, tx) => keep(tx, 'onPlaced', meta.id, data.bookingId),
    onPlacedAgain: ({ data, meta }, tx) => keep(tx, 'onPlacedAgain', meta.id, data.bookingId),
    onReturned: ({ data, meta }, tx) => keep(tx, 'onReturned', meta.id, data.bookingId),
  },
});
