import type { Handlers, Login } from '../generated/x/index.ts';

const error = { error: 'no' };
const refusals: readonly Login.Result[] = [
  { status: 401, body: error },
  { status: 428, body: error },
  { status: 502, body: error },
  { status: 504, body: error },
];
export const h: Handlers = { login: async ({ body }) => refusals[Number(body.pass)] ?? { status: 204 } };
