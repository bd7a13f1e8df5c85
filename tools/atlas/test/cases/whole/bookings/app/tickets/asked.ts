import type { BookingMadeEvent, CreateBooking, components } from '@box-office/tickets-contract';

type Booking = components['schemas']['Booking'];

/** The booking that a customer asks for, before the venue has answered. */
export function askedBooking(
  { showId, customer, seats, note }: CreateBooking.Input['body'],
  own: Pick<Booking, 'bookingId' | 'price' | 'version'>,
): Booking {
  return { ...own, showId, status: 'asked', customer, seats, ...(note === undefined ? {} : { note }) };
}

export function bookingMade({ bookingId, showId, seats, price, customer, note }: Booking, madeAt: Date) {
  return {
    type: 'BookingMade',
    data: {
      bookingId,
      showId,
      seats,
      price: price.amount,
      madeAt,
      desk: 'WEB',
      email: customer.email,
      note: note ?? null,
      version: 1n,
    },
  } as const satisfies BookingMadeEvent;
}
