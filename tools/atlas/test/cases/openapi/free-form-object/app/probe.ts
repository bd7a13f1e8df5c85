import type { Handlers } from '../generated/x/index.ts';
export const h: Handlers = { doIt: async ({ body }) => ({ status: 200, body: { id: String(body['color']), metadata: { color: 'red' } } }) };
