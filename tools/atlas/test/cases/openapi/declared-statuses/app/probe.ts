import type { Handlers } from '../generated/x/index.ts';
export const h: Handlers = { login: async ({ body }) => (body.pass === 'x' ? { status: 204 } : { status: 401, body: { error: 'no' } }) };
