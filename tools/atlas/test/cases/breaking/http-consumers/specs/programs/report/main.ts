/** Reads a table and calls no service. @tickets/bookings/client is only in this comment. */
export const report = (table: { readBooking(id: string): unknown }) => table.readBooking('1');
