import type { clientsOf } from './clients.ts';

export const cancel = async ({ bookings }: ReturnType<typeof clientsOf>, id: string) => {
  const { seat } = await bookings.readBooking({ params: { id } });
  await bookings.cancelBooking({ params: { id } });
  return seat;
};
