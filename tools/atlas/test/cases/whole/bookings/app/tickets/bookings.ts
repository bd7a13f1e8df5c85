import { rows, slonikOf } from '@atlas/runtime/slonik';
import type { Read, Tx } from '@atlas/runtime';
import type { components } from '@box-office/tickets-contract';
import { sql } from 'slonik';

export type Booking = components['schemas']['Booking'];

export async function load(session: Tx | Read, bookingId: string): Promise<Booking | null> {
  const found = await slonikOf(session).maybeOne(
    sql.prepared('load_booking', rows<{ body: Booking }>())`SELECT body FROM booking WHERE booking_id = ${bookingId}`,
  );
  return found?.body ?? null;
}

export async function save(tx: Tx, booking: Booking): Promise<void> {
  await slonikOf(tx).query(
    sql.prepared('save_booking', rows<never>())`
      INSERT INTO booking (booking_id, version, body)
      VALUES (${booking.bookingId}, ${booking.version}, ${JSON.stringify(booking)})
      ON CONFLICT (booking_id) DO UPDATE SET version = excluded.version, body = excluded.body`,
  );
}

export async function list(read: Read, statuses: readonly string[], limit: number): Promise<readonly Booking[]> {
  const found = await slonikOf(read).any(
    sql.prepared('list_bookings', rows<{ body: Booking }>())`
      SELECT body FROM booking
      WHERE cardinality(${sql.array([...statuses], 'text')}) = 0 OR body ->> 'status' = ANY(${sql.array([...statuses], 'text')})
      ORDER BY booking_id DESC LIMIT ${limit}`,
  );
  return found.map(({ body }) => body);
}
