import { proven, type HttpRule } from '../context.ts';
import { responsePairs } from '../match.ts';

export const responseHeaderRemoved: HttpRule = {
  id: 'response-header-removed',
  purpose: 'A response may lack a header that was always there, so a client that reads it fails.',
  level: 'wire',
  *check({ old, new: next, pairs, responses }) {
    for (const { old: before, new: after } of pairs)
      for (const pair of responsePairs(after, before)) {
        const { sent: response, known } = pair;
        for (const [name, header] of known.headers) {
          const left = response.headers.get(name);
          if (!header.required || left?.required === true) continue;
          const finding = {
            change: 'response-header-removed',
            message: left
              ? `the header ${header.name} may be missing in the response ${response.status}`
              : `the header ${header.name} was removed from the response ${response.status}`,
            old: old.version.loc(header.pointer),
            new: next.version.loc(left?.pointer ?? response.pointer),
            reaches: [before.id],
            safePath: ['keep sending the header', 'move the clients to what replaces it', 'remove it'],
          };
          yield proven(finding, responses.unknown(after, before, pair, '/headers'));
        }
      }
  },
};
