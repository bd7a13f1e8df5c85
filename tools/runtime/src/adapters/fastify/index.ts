export { createApp } from './app.ts';
export type { AppOptions } from '../../http/options.ts';
