/** Venues of the box office. They keep shows as they are sent, and answer with what they are asked. */
import { contract, type Handlers, type components } from '@box-office/venues-contract';
import { serve } from './serve.ts';

const shows = new Map<string, components['schemas']['Show']>();

const handlers: Handlers = {
  getShow: async ({ params }) => {
    const show = shows.get(params.showId);
    return show ? { status: 200, body: show } : { status: 404, problem: { code: 'show-not-found' } };
  },
  putShow: async ({ params, body }) => {
    shows.set(params.showId, body);
    return { status: 200, body };
  },
  listNearby: async ({ query: { at } }) => ({
    status: 200,
    body: [{ name: 'Old Opera', at: [at.lat, at.lon], within: { name: 'Town', at: [0, 0] } }],
  }),
  findSeats: async ({ params, query, headers }) => ({
    status: 200,
    body: { ...params, ...query, ...(headers['X-Desk'] === undefined ? {} : { desks: headers['X-Desk'] }) },
    headers: {
      'X-Found': params.numbers.length,
      ...(query.price?.from === undefined ? {} : { 'X-Cheapest': query.price.from }),
      ...(query.free === undefined ? {} : { 'X-Free': query.free }),
    },
  }),
};

await serve(contract, handlers);
