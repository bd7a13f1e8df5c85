/**
 * The keys of Atlas in OpenAPI and AsyncAPI documents, which allow any key that begins with `x-`. No other file spells
 * one of them, so the code that reads a key is found by its name here.
 */
export const EXTENSION = {
  batch: 'x-atlas-batch',
  bodyLimit: 'x-atlas-body-limit',
  cache: 'x-atlas-cache',
  effects: 'x-atlas-effects',
  emits: 'x-atlas-emits',
  foreign: 'x-atlas-foreign',
  key: 'x-atlas-key',
  owner: 'x-atlas-owner',
  retry: 'x-atlas-retry',
  sunset: 'x-atlas-sunset',
  timeout: 'x-atlas-timeout',
  timers: 'x-atlas-timers',
} as const;

/** The beginning of the names of all these keys. */
export const EXTENSION_PREFIX = 'x-atlas-';
