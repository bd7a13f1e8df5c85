import { reachedLater, sameLater, suspected, type EventRule } from '../context.ts';

export const laterRemoved: EventRule = {
  id: 'later-removed',
  purpose: 'A timer or an effect is gone, so nothing handles its rows that still wait.',
  level: 'wire',
  *check({ old, new: next }) {
    for (const before of old.laters) {
      if (sameLater(next, before)) continue;
      const { service, loc, kind } = before;
      yield suspected(
        {
          change: 'later-removed',
          message: `${reachedLater(before)} is gone`,
          old: loc,
          reaches: [reachedLater(before)],
          consumers: [service],
          spot: reachedLater(before),
          safePath: [
            `stop ${kind === 'timer' ? 'setting' : 'starting'} it, and deploy ${service}`,
            'wait until no row of it is left in atlas_timer',
            'remove it',
          ],
        },
        'rows that wait are in the database of each deployment; they stay there until code that knows them runs',
      );
    }
  },
};
