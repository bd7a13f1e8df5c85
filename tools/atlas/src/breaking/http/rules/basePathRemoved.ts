import { proven, type HttpRule } from '../context.ts';
import { inSteps } from '../../releases.ts';

export const basePathRemoved: HttpRule = {
  id: 'base-path-removed',
  purpose: 'The path of a server URL changed, so every request to the old address gets 404.',
  level: 'wire',
  *check({ old, new: next, pairs, requests, releases }) {
    const whole = (base: string, path: string): string => (base + path).replaceAll(/\{[^{}]*\}/g, '{}');
    for (const { old: before, new: after } of pairs) {
      const served = new Set(after.bases.map((base) => whole(base, after.path)));
      const lost = before.bases.filter((base) => !served.has(whole(base, before.path)));
      if (lost.length === 0) continue;
      const finding = {
        change: 'base-path-removed',
        message: `the server no longer has the base path ${JSON.stringify(lost[0] === '' ? '/' : lost[0])}`,
        old: old.version.loc('/servers'),
        new: next.version.loc('/servers'),
        reaches: [before.id],
        safePath: inSteps(releases, () => [
          `serve ${lost[0] === '' ? '/' : lost[0]} beside ${after.bases[0] === '' ? '/' : after.bases[0]}, and list both in servers`,
          'move every client to the new base path',
          `stop serving ${lost[0] === '' ? '/' : lost[0]}`,
        ]),
      };
      const isFirst = before.bases[0] === lost[0];
      yield proven(finding, isFirst ? requests.request(before, {}, '/url') : undefined);
    }
  },
};
