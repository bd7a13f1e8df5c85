import type { Alternative } from '../api.ts';
import { proven, suspected, type HttpRule } from '../context.ts';
import type { Credential } from '../credentials.ts';
import { isEnough, mayBeEnough } from '../match.ts';
import { inSteps } from '../../releases.ts';

export const securityNarrowed: HttpRule = {
  id: 'security-narrowed',
  purpose: 'Credentials that were enough are not enough any more, so a client gets 401 or 403.',
  level: 'wire',
  *check({ old, new: next, pairs, requests, releases }) {
    for (const { old: before, new: after } of pairs)
      for (const given of before.security) {
        if (after.security.some((wanted) => isEnough(given, wanted))) continue;
        const kinds = new Set(after.security.flatMap((wanted) => [...wanted.values()].map(shownKind)));
        const isOfKind = [...given.values()].every((one) => kinds.has(shownKind(one)));
        const described = (one: Alternative): string => shown(one, !isOfKind);
        const finding = {
          change: 'security-narrowed',
          message: `${described(given)} was enough, and now it takes ${after.security.map(described).join(' or ')}`,
          old: old.version.loc(before.securityPointer),
          new: next.version.loc(after.securityPointer),
          reaches: [before.id],
          safePath: inSteps(releases, (where) => [
            `let ${where} go on accepting ${described(given)} beside the new credentials`,
            `give every client of ${where} the new credentials`,
            `refuse ${described(given)}`,
          ]),
        };
        if (after.security.some((wanted) => mayBeEnough(given, wanted)))
          yield suspected(
            finding,
            'the server accepts a credential in the same place, and no document says whether it still accepts the old ones',
          );
        else yield proven(finding, requests.request(before, { security: given }, '/headers'));
      }
  },
};

function shown(alternative: Alternative, hasKinds: boolean): string {
  if (alternative.size === 0) return 'no credential';
  const schemes = [...alternative].map(([name, credential]) => {
    const kind = hasKinds ? ` (${shownKind(credential)})` : '';
    const { scopes } = credential;
    return name + kind + (scopes.length === 0 ? '' : ` with ${scopes.join(', ')}`);
  });
  return schemes.join(' and ');
}

function shownKind({ type, carrier, sources }: Credential): string {
  return [type === 'http' ? [] : type, type === 'http' || type === 'apiKey' ? carrier : [], sources].flat().join(' ');
}
