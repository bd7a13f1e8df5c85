import type { StartRebuild } from '@atlas/generated-reporting';
import type { Run } from './runs.ts';

type Body = Extract<StartRebuild.Result, { readonly status: 202 }>['body'];

/** A run as the contract shows it. */
export function runView(run: Run): Body {
  const { startedAt, endedAt, eventsToRead, eventsPerSecond, remainingSeconds, failure, projections, notApplied } = run;
  return {
    rebuildId: run.rebuildId,
    state: run.state,
    acceptDifference: run.acceptDifference,
    requestedBy: run.requestedBy,
    requestedAt: run.requestedAt.toISOString(),
    events: Number(run.events),
    ...(startedAt === null ? {} : { startedAt: startedAt.toISOString() }),
    ...(endedAt === null ? {} : { endedAt: endedAt.toISOString() }),
    ...(eventsToRead === null ? {} : { eventsToRead: Number(eventsToRead) }),
    ...(eventsPerSecond === null ? {} : { eventsPerSecond }),
    ...(remainingSeconds === null ? {} : { remainingSeconds }),
    ...(failure === null ? {} : { failure }),
    ...(notApplied === null ? {} : { notApplied: [...notApplied] }),
    ...(projections === null
      ? {}
      : {
          projections: projections.map(({ examples, ...compared }) => ({
            ...compared,
            ...(examples === undefined ? {} : { examples: [...examples] }),
          })),
        }),
  };
}
