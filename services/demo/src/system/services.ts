/** The services that run, from the edge inwards. */
export const SERVICES = ['orders', 'inventory'] as const;
export type ServiceName = (typeof SERVICES)[number];
