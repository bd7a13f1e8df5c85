import { noted, proven, type HttpRule } from '../context.ts';
import { knownResponse } from '../match.ts';
import { inSteps } from '../../releases.ts';

export const responseStatusAdded: HttpRule = {
  id: 'response-status-added',
  purpose:
    'A response has a status that old clients do not know. Failures are tolerated, because a client treats an unknown 4xx or 5xx as 400 or 500 (RFC 9110, section 15).',
  level: 'wire',
  *check({ old, new: next, pairs, responses, releases }) {
    for (const { old: before, new: after } of pairs)
      for (const response of after.responses.values()) {
        if (knownResponse(before, response.status)) continue;
        const finding = {
          change: 'response-status-added',
          message: `the status ${response.status} was added`,
          old: old.version.loc(`${before.pointer}/responses`),
          new: next.version.loc(response.pointer),
          reaches: [before.id],
        };
        if (/^[45]|^default$/.test(response.status)) yield noted(finding);
        else
          yield proven(
            {
              ...finding,
              safePath: inSteps(releases, (where) => [
                `let ${where} answer ${response.status} only to clients that ask for it`,
                `let every client of ${where} know ${response.status}`,
                `answer ${response.status} to everybody`,
              ]),
            },
            responses.unknown(after, before, { sent: response }, '/status'),
          );
      }
  },
};
