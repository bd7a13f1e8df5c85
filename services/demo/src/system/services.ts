/** The services that run. Clients call the first one. */
export const SERVICES = ['orders', 'inventory'] as const;
export type ServiceName = (typeof SERVICES)[number];
