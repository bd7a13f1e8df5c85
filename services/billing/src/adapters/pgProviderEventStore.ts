import { sql } from 'slonik';
import { rows, slonikOf } from '@atlas/runtime/slonik';
import type { ProviderEventStore } from '../ports.ts';

/** The events of the provider in Postgres, each stored once. */
export const pgProviderEventStore: ProviderEventStore = {
  insert: async (tx, { provider, eventId, receivedAt }) => {
    const { rowCount } = await slonikOf(tx).query(sql.prepared('billing.insert_provider_event', rows<never>())`
      INSERT INTO provider_event (provider, event_id, received_at)
      VALUES (${provider}, ${eventId}, ${receivedAt.toISOString()}) ON CONFLICT (provider, event_id) DO NOTHING`);
    return rowCount === 1;
  },
};
