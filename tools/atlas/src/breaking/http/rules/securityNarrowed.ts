import type { Alternative } from '../api.ts';
import { isEnough, proven, type HttpRule } from '../context.ts';

export const securityNarrowed: HttpRule = {
  id: 'security-narrowed',
  purpose: 'Credentials that were enough are not enough any more, so a client gets 401 or 403.',
  level: 'wire',
  *check({ old, new: next, pairs, requests }) {
    for (const { old: before, new: after } of pairs)
      for (const given of before.security) {
        if (after.security.some((wanted) => isEnough(given, wanted))) continue;
        const finding = {
          change: 'security-narrowed',
          message: `${described(given)} was enough, and now it takes ${after.security.map(described).join(' or ')}`,
          old: old.version.loc(before.securityPointer),
          new: next.version.loc(after.securityPointer),
          reaches: [before.id],
          safePath: [
            'accept the new credentials beside the old ones',
            'give every client the new credentials',
            'remove the old ones',
          ],
        };
        yield proven(finding, requests.request(before, { security: given }, '/headers'));
      }
  },
};

function described(alternative: Alternative): string {
  if (alternative.size === 0) return 'no credential';
  const schemes = [...alternative].map(([name, scopes]) =>
    scopes.length === 0 ? name : `${name} with ${scopes.join(', ')}`,
  );
  return schemes.join(' and ');
}
