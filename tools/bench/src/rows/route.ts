import { interleave } from '../measure.ts';
import { byHand } from '../route/byHand.ts';
import { startClient } from '../route/cost.ts';
import { VENUE, WISH } from '../route/desk.ts';
import { generatedApp } from '../route/generated.ts';
import type { Shot } from '../route/load.ts';
import type { Row } from '../row.ts';

const ROUNDS = 9;
const LOAD = { connections: 16, milliseconds: 700 };

const SHOTS: readonly { readonly title: string; readonly shot: Shot }[] = [
  {
    title: 'route: a query that answers 20 seats',
    shot: { method: 'GET', path: `/v1/venues/${VENUE}/seats?limit=20` },
  },
  {
    title: 'route: a command of 5 seats',
    shot: { method: 'POST', path: '/v1/quotes', body: JSON.stringify(WISH) },
  },
];

/** A generated route, against the same route written by hand in Fastify. Neither has a database behind it. */
export const routeRow: Row = {
  id: 'route',
  about: 'a generated route, against the same route written by hand in Fastify',
  run: async (measuring) => {
    const ours = await generatedApp();
    const peers = [
      { name: 'by hand in Fastify', app: byHand() },
      { name: 'by hand with the same duties', app: byHand({ sameDuties: true }) },
    ];
    const url = await ours.listen({ port: 0 });
    const urls = await Promise.all(peers.map(({ app }) => app.listen({ port: 0 })));
    const client = startClient();
    try {
      const measured = [];
      for (const { title, shot } of SHOTS) {
        const comparison = await interleave(
          { name: 'generated', run: () => client.microsPerRequest({ url, shot, ...LOAD }) },
          peers.map(({ name }, index) => ({
            name,
            run: () => client.microsPerRequest({ url: urls[index] ?? '', shot, ...LOAD }),
          })),
          { rounds: ROUNDS, warmup: 2, beforeRound: measuring(title) },
        );
        measured.push({
          title,
          unit: 'µs',
          comparison,
          note: 'processor time of the server thread per request, with 16 connections: parse, validate, handler, serialise; ours, and the peer with the same duties, also check the answer against its schema and measure',
        } as const);
      }
      return measured;
    } finally {
      client.stop();
      await Promise.all([ours.close(), ...peers.map(({ app }) => app.close())]);
    }
  },
};
