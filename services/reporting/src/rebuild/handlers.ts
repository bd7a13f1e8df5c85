import type { GetRebuild, StartRebuild } from '@atlas/generated-reporting';
import { slonikOf } from '@atlas/runtime/slonik';
import { ANOTHER_RUNS } from './lock.ts';
import { findRun, request } from './runs.ts';
import { runView } from './view.ts';

/** Asks for a rebuild. `runRebuilds` of one of the instances begins it within a second or so. */
export const startRebuild: StartRebuild.Handler = async ({ body, ctx }, tx): Promise<StartRebuild.Result> => {
  const rebuildId = ctx.newId();
  const connection = slonikOf(tx);
  const { acceptDifference = false } = body;
  const isFirst = await request(connection, {
    rebuildId,
    acceptDifference,
    requestedBy: ctx.actor.id,
    requestedAt: ctx.now,
  });
  const run = isFirst ? await findRun(connection, rebuildId) : undefined;
  if (!run) {
    return { status: 409, problem: { code: 'rebuild-running', detail: ANOTHER_RUNS } };
  }
  return { status: 202, body: runView(run), headers: { Location: `/v1/reports/rebuilds/${rebuildId}` } };
};

export const getRebuild: GetRebuild.Handler = async ({ params }, read): Promise<GetRebuild.Result> => {
  const { rebuildId } = params;
  const run = await findRun(slonikOf(read), rebuildId);
  if (!run) return { status: 404, problem: { code: 'rebuild-not-found', detail: `there is no rebuild ${rebuildId}` } };
  return { status: 200, body: runView(run) };
};
