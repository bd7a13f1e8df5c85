import type { Handlers } from '../generated/x/index.ts';
export const h: Handlers = { doIt: async () => ({ status: 200, body: { shape: 'crate' } }) };
