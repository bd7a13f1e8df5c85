import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { idOf } from './histories.ts';
import { aMessage } from './messages.ts';
import { type Held, openScene, type Scene } from './rebuildScene.ts';

let scene: Scene;
beforeAll(async () => {
  scene = await openScene();
});
afterAll(() => scene.stop());

type Kill = () => Promise<void>;

/** The condition that somebody holds a lock on a table in this mode, or waits for one. */
const lock = (what: 'granted' | 'NOT granted', mode: string, table: string): string =>
  `EXISTS (SELECT FROM pg_locks WHERE ${what} AND mode = '${mode}' AND relation = to_regclass('${table}')
    AND database = (SELECT oid FROM pg_database WHERE datname = current_database()))`;
const waitsFor = (mode: string, table: string) => scene.until(`SELECT ${lock('NOT granted', mode, table)}`, true);

const hold = (statement: string): Promise<Held> => scene.hold(statement);

/** The id of the run that made the new tables, from the comment of their schema. */
const MADE_BY = `SELECT obj_description(to_regnamespace('rebuild'), 'pg_namespace')`;
/** The id of the run that left its new tables before the rebuild to be killed. */
let leftBy: unknown;

/** Keeps the new tables from being written, as soon as they exist. */
async function holdReading(): Promise<Held> {
  await expect.poll(() => scene.one(MADE_BY), { interval: 10 }).not.toBe(leftBy);
  const held = await hold('LOCK TABLE rebuild.timeline_entry');
  await waitsFor('RowExclusiveLock', 'rebuild.timeline_entry');
  return held;
}

/** Keeps the old tables from being compared. A rebuild also reads them at its beginning, so they are locked later. */
async function holdComparing(): Promise<Held> {
  await using reading = await holdReading();
  const held = await hold('LOCK TABLE public.item IN ACCESS EXCLUSIVE MODE');
  await reading.letGo();
  await waitsFor('AccessShareLock', 'public.item');
  return held;
}

async function whileItReads(kill: Kill): Promise<void> {
  await using _ = await holdReading();
  await kill();
}

async function whileItCompares(kill: Kill): Promise<void> {
  await using _ = await holdComparing();
  await kill();
}

/**
 * The service is applying an event when the consumers should be locked out. So the rebuild waits for it, then reads
 * that event, and cannot write it.
 */
async function whileItReadsTheLastEvents(kill: Kill): Promise<void> {
  await using comparing = await holdComparing();
  await using _ = await hold('LOCK TABLE rebuild.stock_level IN SHARE MODE');
  await using inWork = await hold('LOCK TABLE public.stock_level IN SHARE MODE');
  await scene.send(stockMoved());
  await waitsFor('RowExclusiveLock', 'public.stock_level');
  await comparing.letGo();
  await waitsFor('ExclusiveLock', 'public.atlas_fence');
  await inWork.letGo();
  await scene.until(
    `SELECT ${lock('granted', 'ExclusiveLock', 'public.atlas_fence')}
      AND ${lock('NOT granted', 'RowExclusiveLock', 'rebuild.stock_level')}`,
    true,
  );
  await kill();
}

async function whileItPutsThemInPlace(kill: Kill): Promise<void> {
  await using comparing = await holdComparing();
  await using _ = await hold('SELECT FROM public.stock_level');
  await comparing.letGo();
  await waitsFor('AccessExclusiveLock', 'public.stock_level');
  await kill();
}

const TIMES = [
  ['while it reads', whileItReads],
  ['while it compares', whileItCompares],
  ['while it reads the last events', whileItReadsTheLastEvents],
  ['while it puts the new tables in place', whileItPutsThemInPlace],
] as const;

let moved = 0;
function stockMoved() {
  const data = {
    movementId: randomUUID(),
    sku: 'SKU-MOVED',
    warehouseId: idOf('w', 0),
    kind: 'RECEIPT',
    delta: 1n,
    onHandAfter: BigInt((moved += 1)),
    reservedAfter: 0n,
  } as const;
  return aMessage('StockMoved', data, { id: data.movementId, sequence: data.onHandAfter });
}

/** Asks the service for a rebuild, and returns the address of its progress. A killed one may end only now. */
async function ask(): Promise<string> {
  let location: string | null = null;
  await expect
    .poll(
      async () => {
        const answer = await scene.ask('/v1/reports/rebuilds', { method: 'POST', key: randomUUID() });
        location = answer.location;
        return answer.status;
      },
      { timeout: 60_000, interval: 250 },
    )
    .toBe(202);
  return location ?? '';
}

/** Checks that the tables are still these, that the service writes to them, and that reports are read from them. */
async function serves(tables: Awaited<ReturnType<Scene['tables']>>): Promise<void> {
  await scene.order(1);
  expect(await scene.tables()).toEqual(tables);
  expect(await scene.ask('/v1/reports/orders?limit=1', { roles: ['ops'] })).toMatchObject({
    status: 200,
    found: { items: { length: 1 } },
  });
}

describe('the old tables stay in use, and the next rebuild begins again, if one is killed', () => {
  it.each(TIMES)('%s: in a process of its own, and with the service that runs it', async (_when, killing) => {
    await scene.order(1);
    const before = await scene.tables();
    leftBy = await scene.one(MADE_BY);
    const { child, ended } = scene.rebuild();
    await killing(async () => {
      child.kill('SIGKILL');
      await ended;
    });
    await serves(before);

    leftBy = await scene.one(MADE_BY);
    const ofService = await ask();
    await killing(() => scene.kill());
    await scene.restart();
    await serves(before);
    const failure = expect.stringContaining('the old tables stay in use');
    await expect.poll(() => scene.ask(ofService)).toMatchObject({ status: 200, found: { state: 'FAILED', failure } });

    const next = await ask();
    await expect
      .poll(() => scene.ask(next), { timeout: 60_000 })
      .toMatchObject({ status: 200, found: { state: 'SWAPPED' } });
    expect(await scene.tables()).not.toEqual(before);
    // it is still leaving its consumer group, and until then no other rebuild can begin
    await scene.until(
      `SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND objsubid = 2
      AND database = (SELECT oid FROM pg_database WHERE datname = current_database()))`,
      false,
    );
  });
});
