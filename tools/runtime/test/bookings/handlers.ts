import { sql } from 'slonik';
import { rows, slonikOf } from '../../src/adapters/slonik/index.ts';
import type { Read, Tx } from '../../src/contract/handler.ts';
import type { AnyInput, AnyResult } from '../../src/contract/service.ts';
import { VersionConflict } from '../../src/contract/atlasError.ts';
import { isRecord, type Handlers } from './contract.ts';

/** The handlers that a team would write for the box office. */
export const handlers: Handlers = {
  bookSeats: async ({ params, body, ctx }, tx) => {
    const showId = member(params, 'showId');
    const seats = Number(member(body, 'seats'));
    const db = slonikOf(tx);
    const left = await db.maybeOne(
      sql.prepared('take_seats', rows<{ free: number }>())`
        UPDATE show SET free = free - ${seats} WHERE show_id = ${showId} AND free >= ${seats} RETURNING free`,
    );
    if (left === null) return { status: 409, problem: { code: 'sold-out' } };
    const bookingId = ctx.newId();
    await db.query(
      sql.prepared('insert_booking', rows<never>())`
        INSERT INTO booking (booking_id, show_id, seats, version) VALUES (${bookingId}, ${showId}, ${seats}, 1)`,
    );
    return {
      status: 201,
      body: { bookingId, seats },
      version: 1n,
      headers: { Location: `/v1/bookings/${bookingId}` },
      events: [{ type: 'SeatsBooked', data: { showId, bookingId, seats } }],
    };
  },
  changeSeats: async ({ params, body, ifMatch }, tx) => {
    const expected = typeof ifMatch === 'bigint' ? ifMatch : 0n;
    const bookingId = member(params, 'bookingId');
    const found = await load(tx, bookingId);
    if (found === null) return { status: 404, problem: { code: 'booking-not-found' } };
    if (found.version !== expected) throw new VersionConflict(`booking ${bookingId}`, expected, found.version);
    const seats = Number(member(body, 'seats'));
    await slonikOf(tx).query(
      sql.prepared('change_booking', rows<never>())`
        UPDATE booking SET seats = ${seats}, version = version + 1 WHERE booking_id = ${bookingId}`,
    );
    return { status: 200, body: { bookingId, seats }, version: expected + 1n, events: [] };
  },
  getBooking: async ({ params }, read) => {
    const bookingId = member(params, 'bookingId');
    const found = await load(read, bookingId);
    if (found === null) return { status: 404, problem: { code: 'booking-not-found' } };
    return { status: 200, body: { bookingId, seats: found.seats }, version: found.version };
  },
  closeShow: async (_input: AnyInput): Promise<AnyResult> => ({ status: 204, events: [] }),
};

async function load(session: Tx | Read, bookingId: string): Promise<{ seats: number; version: bigint } | null> {
  return slonikOf(session).maybeOne(
    sql.prepared('load_booking', rows<{ seats: number; version: bigint }>())`
      SELECT seats, version FROM booking WHERE booking_id = ${bookingId}`,
  );
}

function member(of: unknown, name: string): string {
  return isRecord(of) ? String(of[name]) : '';
}
