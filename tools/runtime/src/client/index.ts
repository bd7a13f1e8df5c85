/** For generated clients, and for services that call them. */
export { clientOf, type Client, type ClientOptions } from '../adapters/openapi-fetch/index.ts';
export { succeeded } from './answerOf.ts';
export { callsOf, type CallOptions } from './callsOf.ts';
export type { Answer, Call, CallInput, HeadCall, Problem } from './types.ts';
