import { bookingsClient } from '@tickets/bookings/client';

export const clientsOf = (baseUrl: string) => ({ bookings: bookingsClient({ baseUrl }) });
