import { runMigrations } from '@atlas/runtime/migrate';
import { runService, serviceEnv } from '@atlas/runtime/service';
import { rows, slonikOf } from '@atlas/runtime/slonik';
import { contract } from '@atlas/generated-posters';
import { sql } from 'slonik';

const env = serviceEnv(process.env);
const migrations = new URL('./migrations/', import.meta.url);
await runMigrations({ contract, ownerUrl: env.databaseUrl, migrations });

await runService(contract, {
  env,
  migrations,
  handlers: {},
  consumers: {
    onShowMoved: async ({ data, meta }, tx) => {
      await slonikOf(tx).query(
        sql.prepared('save_poster', rows<never>())`
          INSERT INTO poster (event_id, show_id, hall, until)
          VALUES (${meta.id}, ${data.showId}, ${data.hall.name}, ${data.until})`,
      );
      return { events: [] };
    },
  },
});
