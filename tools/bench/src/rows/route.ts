import { interleave } from '../measure.ts';
import { byHand } from '../route/byHand.ts';
import { VENUE, WISH } from '../route/desk.ts';
import { generatedApp } from '../route/generated.ts';
import { requestsPerSecond, type Shot } from '../route/load.ts';
import type { Row } from '../row.ts';

const ROUNDS = 9;
const CONNECTIONS = 16;
const MILLISECONDS = 700;

const SHOTS: readonly { readonly title: string; readonly shot: Shot }[] = [
  { title: 'a query that answers 20 seats', shot: { method: 'GET', path: `/v1/venues/${VENUE}/seats?limit=20` } },
  { title: 'a command of 5 seats', shot: { method: 'POST', path: '/v1/quotes', body: JSON.stringify(WISH) } },
];

/** A generated route, against the same route by hand in Fastify. Neither has a database behind it. */
export const routeRow: Row = {
  id: 'route',
  run: async () => {
    const ours = await generatedApp();
    const peer = byHand();
    const [url, peerUrl] = [await ours.listen({ port: 0 }), await peer.listen({ port: 0 })];
    try {
      const measured = [];
      for (const { title, shot } of SHOTS) {
        const comparison = await interleave(
          { name: 'generated', run: () => requestsPerSecond(url, shot, CONNECTIONS, MILLISECONDS) },
          [{ name: 'by hand in Fastify', run: () => requestsPerSecond(peerUrl, shot, CONNECTIONS, MILLISECONDS) }],
          ROUNDS,
          2,
        );
        measured.push({
          title: `route: ${title}`,
          unit: 'requests/s',
          comparison,
          note: 'parse, validate, handler, serialise, the client in the same process; ours also checks the answer against its schema and measures',
        } as const);
      }
      return measured;
    } finally {
      await Promise.all([ours.close(), peer.close()]);
    }
  },
};
