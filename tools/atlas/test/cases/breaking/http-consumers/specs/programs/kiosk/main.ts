import { client } from '@tickets/seats/clients/bookings';

export const print = (baseUrl: string) => client({ baseUrl }).GET('/bookings');
