import type { Rule } from '../../rule.ts';

export const twoOwners: Rule = {
  code: 'ATL5006',
  title: 'document of two services',
  explain: {
    why: 'A contract belongs to one service. Two services would both own its operations and topics.',
    bad: 'services:\n  bookings: { openapi: openapi/all.yaml }\n  seats: { openapi: openapi/all.yaml }',
    good: 'services:\n  bookings: { openapi: openapi/bookings.yaml }\n  seats: { openapi: openapi/seats.yaml }',
  },
  *check({ workspace }) {
    const first = new Map<string, (typeof workspace.config.services)[number]>();
    for (const service of workspace.config.services)
      for (const file of [service.openapi, service.asyncapi]) {
        if (file === undefined) continue;
        const other = first.get(file);
        if (!other) first.set(file, service);
        else
          yield {
            message: `${file} is already a document of ${other.name}`,
            loc: service.loc,
            fix: 'give each service its own document',
            related: [{ loc: other.loc, message: 'the first one' }],
          };
      }
  },
};
