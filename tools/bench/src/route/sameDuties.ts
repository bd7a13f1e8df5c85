import { randomUUID } from 'node:crypto';
import type { FastifyInstance, FastifyServerOptions } from 'fastify';
import { Histogram, Registry } from 'prom-client';

/** Gives a request without an id a random one. */
export const withIds: FastifyServerOptions = { genReqId: () => randomUUID() };

/**
 * Adds what a generated route does as well, by hooks, as a person would write it: each answer is checked against its
 * schema before it is sent, each request is measured, and headers forbid caching and guessing of content types.
 */
export function addDuties(app: FastifyInstance): void {
  const seconds = new Histogram({
    name: 'http_request_seconds',
    help: 'Time from the request to its answer.',
    labelNames: ['route', 'status'],
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers: [new Registry()],
  });
  app.addHook('preSerialization', (request, reply, payload, done) => {
    const schema = answerSchema(request.routeOptions.schema?.response, reply.statusCode);
    if (schema === undefined || request.validateInput(payload, schema)) done(null, payload);
    else done(new Error('the answer breaks its schema'));
  });
  app.addHook('onSend', (_request, reply, payload, done) => {
    reply.header('x-content-type-options', 'nosniff').header('cache-control', 'no-store');
    done(null, payload);
  });
  app.addHook('onResponse', (request, reply, done) => {
    seconds.observe({ route: request.routeOptions.url ?? '', status: reply.statusCode }, reply.elapsedTime / 1000);
    done();
  });
}

function answerSchema(responses: unknown, status: number): Record<string, unknown> | undefined {
  if (typeof responses !== 'object' || responses === null) return undefined;
  const schema: unknown = Reflect.get(responses, status);
  return isRecord(schema) ? schema : undefined;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
