import { sql } from 'slonik';

const BOOKING = sql.fragment`SELECT booking_id, seat, note FROM booking`;

export const find = (id: string) => sql.unsafe`${BOOKING} WHERE booking_id = ${id}`;

export const insert = (booking: Booking) => sql.unsafe`
  INSERT INTO booking (booking_id, show_id, seat, state, price, note)
  VALUES (${booking.id}, ${booking.show}, ${booking.seat}, 'HELD', ${booking.price}, ${booking.note ?? null})
  ON CONFLICT (show_id, seat) DO NOTHING`;

export const pay = (id: string) => sql.unsafe`UPDATE booking SET state = 'PAID' WHERE booking_id = ${id}`;

export const shows = 'SELECT show_id, title FROM show ORDER BY title';
