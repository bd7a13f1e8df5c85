import type { Handlers, components } from '../generated/x/index.ts';
const tom: components['schemas']['Cat'] = { kind: 'cat', lives: 9 };
export const h: Handlers = { doIt: async () => ({ status: 200, body: tom }) };
