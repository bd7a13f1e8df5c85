/** Keys of planned features. They are refused as "not supported yet", because "unknown key" would be misleading. */
export const PLANNED = {
  /** Of a service in the configuration. */
  service: ['clients', 'routes'],
  /** At the root of an AsyncAPI document. */
  asyncapi: ['x-atlas-timers', 'x-atlas-effects'],
} as const;
