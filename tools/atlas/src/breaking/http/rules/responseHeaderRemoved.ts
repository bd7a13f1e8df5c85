import { proven, type HttpRule } from '../context.ts';
import { responsePairs } from '../match.ts';
import { inSteps } from '../../releases.ts';

export const responseHeaderRemoved: HttpRule = {
  id: 'response-header-removed',
  purpose: 'A response may lack a header that was always there, so a client that reads it fails.',
  level: 'wire',
  *check({ old, new: next, pairs, responses, releases }) {
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
            safePath: inSteps(releases, (where) => [
              `go on sending the header ${header.name} in ${response.status} of ${where}, with deprecated: true`,
              `let every client of ${where} work without ${header.name}`,
              `leave ${header.name} out`,
            ]),
          };
          yield proven(finding, responses.unknown(after, before, pair, '/headers'));
        }
      }
  },
};
