import { runMigrations } from '@atlas/runtime/migrate';
import { runService, serviceEnv } from '@atlas/runtime/service';
import { rows, slonikOf } from '@atlas/runtime/slonik';
import { contract, type components } from '@box-office/venues-contract';
import { sql } from 'slonik';

type Show = components['schemas']['Show'];

const QUARTER = 900_000;

const env = serviceEnv(process.env);
const migrations = new URL('./migrations/', import.meta.url);
await runMigrations({ contract, ownerUrl: env.databaseUrl, migrations });

await runService(contract, {
  env,
  migrations,
  handlers: {
    getShow: async ({ params }, read) => {
      const found = await slonikOf(read).maybeOne(
        sql.prepared('load_show', rows<{ body: Show }>())`SELECT body FROM show WHERE show_id = ${params.showId}`,
      );
      return found ? { status: 200, body: found.body } : { status: 404, problem: { code: 'show-not-found' } };
    },
    putShow: async ({ params, body }, tx) => {
      await slonikOf(tx).query(
        sql.prepared('save_show', rows<never>())`
          INSERT INTO show (show_id, free, body) VALUES (${params.showId}, ${body.seats}, ${JSON.stringify(body)})
          ON CONFLICT (show_id) DO UPDATE SET free = excluded.free, body = excluded.body`,
      );
      return { status: 200, body, events: [] };
    },
    listNearby: async ({ query }) => ({
      status: 200,
      body: [{ name: 'Old Opera', at: [query.at.lat, query.at.lon], within: { name: 'Town', at: [0, 0] } }],
    }),
    findSeats: async ({ params, query, headers }) => ({
      status: 200,
      body: { ...params, ...query, ...(headers['X-Desk'] === undefined ? {} : { desks: headers['X-Desk'] }) },
      headers: { 'X-Found': params.numbers.length },
    }),
  },
  consumers: {
    onBookingMade: async ({ data, ctx }, tx) => {
      const { showId, bookingId, seats } = data;
      const taken = await slonikOf(tx).maybeOne(
        sql.prepared('take_seats', rows<{ free: number }>())`
          UPDATE show SET free = free - ${seats.length} WHERE show_id = ${showId} AND free >= ${seats.length} RETURNING free`,
      );
      if (taken === null) return { events: [{ type: 'SeatsRefused', data: { showId, bookingId, missing: seats } }] };
      const until = new Date(ctx.now.getTime() + QUARTER);
      return { events: [{ type: 'SeatsHeld', data: { showId, bookingId, until } }] };
    },
    freeSeats: async ({ messages }) => messages.map(() => ({ events: [] })),
  },
});
