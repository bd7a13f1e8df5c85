import fastify, { type FastifyInstance } from 'fastify';
import { quote, seats, type Wish } from './desk.ts';
import { addDuties, withIds } from './sameDuties.ts';

const uuid = { type: 'string', format: 'uuid' } as const;
const closed = { type: 'object', additionalProperties: false } as const;
const money = {
  ...closed,
  required: ['amountMinor', 'currency'],
  properties: { amountMinor: { type: 'integer', minimum: 0 }, currency: { type: 'string', pattern: '^[A-Z]{3}$' } },
} as const;
const seat = {
  ...closed,
  required: ['seatId', 'row', 'number', 'free'],
  properties: {
    seatId: uuid,
    row: { type: 'string', maxLength: 4 },
    number: { type: 'integer', minimum: 1, maximum: 9999 },
    free: { type: 'boolean' },
    view: { type: 'string', enum: ['full', 'partial'] },
  },
} as const;

/**
 * The same two operations as a careful person writes them in Fastify: the same schemas, validated and serialised by
 * Fastify's own compilers, and a correlation id that is copied or made. There are no problem bodies. Responses are
 * checked and requests are measured only with `sameDuties`.
 */
export function byHand({ sameDuties = false } = {}): FastifyInstance {
  const app = fastify({
    ...(sameDuties ? withIds : {}),
    ajv: { customOptions: { coerceTypes: true, removeAdditional: false } },
    requestIdHeader: 'x-correlation-id',
  });
  app.addHook('onSend', async (request, reply) => void reply.header('x-correlation-id', request.id));
  if (sameDuties) addDuties(app);

  app.get<{ Params: { venueId: string }; Querystring: { limit: number } }>(
    '/v1/venues/:venueId/seats',
    {
      schema: {
        params: { ...closed, required: ['venueId'], properties: { venueId: uuid } },
        querystring: {
          type: 'object',
          required: ['limit'],
          properties: { limit: { type: 'integer', minimum: 1, maximum: 100 }, row: { type: 'string', maxLength: 4 } },
        },
        response: { 200: { ...closed, required: ['items'], properties: { items: { type: 'array', items: seat } } } },
      },
    },
    async ({ query }) => seats(query.limit),
  );

  app.post<{ Body: Wish }>(
    '/v1/quotes',
    {
      schema: {
        body: {
          ...closed,
          required: ['showId', 'seats'],
          properties: {
            showId: uuid,
            seats: {
              type: 'array',
              minItems: 1,
              maxItems: 20,
              items: {
                ...closed,
                required: ['seatId', 'category'],
                properties: {
                  seatId: uuid,
                  category: { type: 'string', enum: ['adult', 'child', 'concession'] },
                  note: { type: 'string', maxLength: 80 },
                },
              },
            },
          },
        },
        response: {
          200: {
            ...closed,
            required: ['showId', 'lines', 'total'],
            properties: {
              showId: uuid,
              total: money,
              lines: {
                type: 'array',
                items: { ...closed, required: ['seatId', 'price'], properties: { seatId: uuid, price: money } },
              },
            },
          },
        },
      },
    },
    async ({ body }) => quote(body),
  );
  return app;
}
