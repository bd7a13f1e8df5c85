import { slonikOf } from '@atlas/runtime/slonik';
import { sql } from 'slonik';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aMessage } from './messages.ts';
import { projections } from '../src/projections/index.ts';
import { ANOTHER_RUNS, LOCK } from '../src/rebuild/lock.ts';
import { requested } from '../src/rebuild/runs.ts';
import { openScene, type Scene } from './rebuildScene.ts';

let scene: Scene;
beforeAll(async () => {
  scene = await openScene();
});
afterAll(() => scene.stop());

/** The structure that migrations have made: columns, constraints, indexes, triggers and rights. */
const structure = () =>
  scene.database.asOwner(
    `SELECT 'column' AS kind, table_name || '.' || column_name || ' ' || data_type || coalesce(' ' || column_default, '')
        || is_nullable || is_identity AS what FROM information_schema.columns WHERE table_schema = 'public'
      UNION ALL SELECT 'constraint', conrelid::regclass::text || ' ' || conname || ' ' || pg_get_constraintdef(oid)
        FROM pg_constraint WHERE connamespace = 'public'::regnamespace
      UNION ALL SELECT 'index', pg_get_indexdef(indexrelid) FROM pg_index
        WHERE indrelid IN (SELECT oid FROM pg_class WHERE relnamespace = 'public'::regnamespace)
      UNION ALL SELECT 'trigger', pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal
      UNION ALL SELECT 'right', table_name || ' ' || grantee || ' ' || privilege_type
        FROM information_schema.role_table_grants WHERE table_schema = 'public' AND grantee = 'reporting_app'
      ORDER BY 1, 2`,
  );

describe('a rebuild', () => {
  it('makes the same rows again and puts them in place, and the service continues with them', async () => {
    await scene.order(20);
    const [before, made] = [await scene.tables(), await structure()];
    const { code, out, err } = await scene.rebuild().ended;
    expect(code, out + err).toBe(0);
    expect(out.match(/ the same$/gm)).toHaveLength(projections.length);
    expect(out).toContain('The new tables are in place.');
    expect(err).toMatch(/reading: [\d,]+ of [\d,]+ events, [\d,]+\/s, \d+ s left/);
    expect(await structure()).toEqual(made);
    const after = await scene.tables();
    expect(after.filter((table) => before.some(({ id }) => id === table['id']))).toMatchObject(
      ['dead', 'idempotency', 'lease', 'outbox', 'payload_schema', 'schema', 'sequence', 'timer'].map((name) => ({
        name: `atlas_${name}`,
      })),
    );
    expect(await scene.one(`SELECT to_regnamespace('rebuild') IS NULL AND to_regnamespace('replaced') IS NULL`)).toBe(
      true,
    );
    // the planner has statistics of the new tables; a table that was never analyzed has -1 rows
    expect(
      await scene.one(`SELECT min(reltuples)::integer FROM pg_class
      WHERE oid IN ('order_summary'::regclass, 'timeline_entry'::regclass)`),
    ).toBeGreaterThan(0);
    await scene.order(5);
    expect(await scene.one(`SELECT count(*)::integer FROM order_summary WHERE state = 'FULFILLED'`)).toBe(25);
    expect(await scene.one('SELECT count(*)::integer FROM atlas_parked_key')).toBe(0);
  });

  it('gives the same tables as those of a service that consumes meanwhile', async () => {
    const rebuilt = new AbortController();
    const load = (async () => {
      while (!rebuilt.signal.aborted) await scene.order(1);
    })();
    const { code, out, err } = await scene.rebuild().ended;
    rebuilt.abort();
    await load;
    expect(code, out + err).toBe(0);
    expect(out.match(/ the same$/gm)).toHaveLength(projections.length);
    const again = await scene.rebuild().ended;
    expect(again.code, again.out + again.err).toBe(0);
  });

  it('that differs shows what differs and leaves the old tables in place, unless the difference is accepted', async () => {
    await scene.database.asOwner(
      `UPDATE order_hold SET state = 'HELD' WHERE order_id IN (SELECT order_id FROM order_hold LIMIT 2)`,
    );
    await scene.database.asOwner(
      `DELETE FROM order_invoice WHERE order_id = (SELECT order_id FROM order_invoice LIMIT 1)`,
    );
    await scene.database.asOwner(`INSERT INTO item VALUES ('MADE-UP', 'x', 'piece')`);
    const before = await scene.tables();
    const { code, out } = await scene.rebuild().ended;
    expect(code, out).toBe(1);
    expect(out).toMatch(/^  holds +\d+ rows  DIFFERENT: 0 only before, 0 only now, 2 changed$/m);
    expect(out).toMatch(/^  invoices +\d+ rows  DIFFERENT: 0 only before, 1 only now, 0 changed$/m);
    expect(out).toContain('      item MADE-UP: only before');
    // all except holds, invoices and items
    expect(out.match(/ the same$/gm)).toHaveLength(projections.length - 3);
    expect(out).toContain('The old tables stay in use');
    expect(await scene.tables()).toEqual(before);
    // the new ones are kept for inspection
    expect(await scene.one(`SELECT count(*)::integer FROM rebuild.order_hold WHERE state = 'HELD'`)).toBe(0);
    await scene.order(1);
    const accepted = await scene.rebuild('--accept-difference').ended;
    expect(accepted.code, accepted.out).toBe(0);
    expect(await scene.one(`SELECT count(*)::integer FROM item WHERE sku = 'MADE-UP'`)).toBe(0);
  });

  it('does not compare the tables of a projection that has a new version', async () => {
    await scene.database.asOwner(`UPDATE projection SET version = 0 WHERE name = 'items'`);
    await scene.database.asOwner(`INSERT INTO item VALUES ('MADE-UP', 'x', 'piece')`);
    const { code, out, err } = await scene.rebuild().ended;
    expect(code, out + err).toBe(0);
    expect(out).toMatch(/^  items +\d+ rows  new, not compared$/m);
    expect(await scene.one(`SELECT version FROM projection WHERE name = 'items'`)).toBe(1);
  });

  it('lists events that could not be applied', async () => {
    // PostgreSQL has no texts with a zero character
    await scene.topics.send([
      aMessage(
        'ItemChanged',
        { sku: 'REFUSED', name: 'a zero: \0', baseUnit: 'piece', version: 1n, changedAt: 0n },
        { id: 'refused' },
      ),
    ]);
    await scene.until('SELECT count(*)::integer FROM atlas_parked_key', 1);
    const { code, out, err } = await scene.rebuild().ended;
    expect(code, out + err).toBe(0);
    expect(out).toMatch(/^  not applied: atlas\.inventory\.item\.v1\/\d at \d+: .*invalid byte sequence/m);
    await scene.until('SELECT count(*)::integer FROM atlas_parked_key', 1);
  });

  it('runs alone', async () => {
    const first = scene.rebuild();
    await scene.until(`SELECT count(*)::integer FROM rebuild_run WHERE ended_at IS NULL`, 1);
    const second = await scene.rebuild().ended;
    expect(second).toMatchObject({
      code: 1,
      err: expect.stringMatching(/^rebuild: another rebuild runs or is asked for: /),
    });
    expect((await first.ended).code).toBe(0);
  });

  it('leaves no run to the service if it may not begin, because it asks for one only when it is the only one', async () => {
    const runs = 'SELECT count(*)::integer FROM rebuild_run';
    const before = await scene.one(runs);
    await scene.database.asOwnerMeanwhile(`SELECT pg_advisory_xact_lock(${LOCK.space}, ${LOCK.key})`, async () => {
      const { code, err } = await scene.rebuild().ended;
      expect({ code, err }).toEqual({ code: 1, err: expect.stringContaining(ANOTHER_RUNS) });
    });
    expect(await scene.one(runs)).toBe(before);
  });

  it('keeps its run from the service, however long it takes to begin it', async () => {
    await scene.database.asOwner(
      `CREATE FUNCTION wait() RETURNS trigger LANGUAGE plpgsql
        AS 'BEGIN PERFORM pg_advisory_xact_lock(7); RETURN NEW; END'`,
    );
    await scene.database.asOwner(
      `CREATE TRIGGER wait BEFORE UPDATE ON rebuild_run FOR EACH ROW WHEN (OLD.state = 'REQUESTED')
        EXECUTE FUNCTION wait()`,
    );
    let ended: ReturnType<Scene['rebuild']>['ended'] | undefined;
    await scene.database.asOwnerMeanwhile('SELECT pg_advisory_xact_lock(7)', async () => {
      ({ ended } = scene.rebuild());
      // it has asked, and waits for the lock of this test
      await scene.until(`SELECT count(*)::integer FROM rebuild_run WHERE state = 'REQUESTED'`, 1);
      await scene.until(
        `SELECT count(*)::integer FROM pg_locks WHERE locktype = 'advisory' AND objid = 7 AND NOT granted`,
        1,
      );
      expect(await scene.database.transaction((tx) => requested(slonikOf(tx)))).toBeUndefined();
    });
    await scene.database.asOwner('DROP FUNCTION wait CASCADE');
    expect(await ended).toMatchObject({ code: 0 });
  });
});

describe('a reader', () => {
  it('sees either all old tables or all new ones', async () => {
    await scene.database.asOwner(`INSERT INTO item VALUES ('OLD', 'x', 'piece')`);
    await scene.database.asOwner(`INSERT INTO stock_level VALUES ('OLD', gen_random_uuid(), 1, NULL)`);
    const seen = new Set<string>();
    const enough = new AbortController();
    const read = async (): Promise<void> => {
      while (!enough.signal.aborted) {
        const found = await scene.database.read(async (session) =>
          slonikOf(session).transaction(async (connection) => {
            await connection.query(sql.unsafe`SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY`);
            const item = await connection.oneFirst(sql.unsafe`SELECT count(*)::integer FROM item WHERE sku = 'OLD'`);
            await connection.query(sql.unsafe`SELECT pg_sleep(0.02)`);
            const level = await connection.oneFirst(
              sql.unsafe`SELECT count(*)::integer FROM stock_level WHERE sku = 'OLD'`,
            );
            return `item ${String(item)}, level ${String(level)}`;
          }),
        );
        seen.add(found);
      }
    };
    const readers = [read(), read(), read(), read()];
    const { code, out, err } = await scene.rebuild('--accept-difference').ended;
    expect(code, out + err).toBe(0);
    await expect.poll(() => seen.size).toBeGreaterThan(1);
    enough.abort();
    await Promise.all(readers);
    expect([...seen].toSorted()).toEqual(['item 0, level 0', 'item 1, level 1']);
  });
});

describe('the operations of rebuilds', () => {
  it('start one in the service, answer the same to the same key, and say how it ends', async () => {
    const started = await scene.ask('/v1/reports/rebuilds', { method: 'POST', key: 'first' });
    expect(started).toMatchObject({
      status: 202,
      location: expect.stringMatching(/^\/v1\/reports\/rebuilds\/[0-9a-f-]{36}$/),
      found: { state: 'REQUESTED', acceptDifference: false, requestedBy: 'ada', events: 0 },
    });
    const other = await scene.ask('/v1/reports/rebuilds', { method: 'POST', key: 'second' });
    expect(other).toMatchObject({ status: 409, found: { code: 'rebuild-running' } });
    const path = started.location ?? '';
    await expect
      .poll(() => scene.ask(path, { roles: ['ops'] }), { timeout: 60_000 })
      .toMatchObject({ status: 200, found: { state: 'SWAPPED', endedAt: expect.any(String) } });
    const { found } = await scene.ask(path);
    expect(found).toMatchObject({
      projections: expect.arrayContaining([{ name: 'items', rows: expect.any(Number), outcome: 'SAME' }]),
    });
    expect((await scene.ask('/v1/reports/rebuilds', { method: 'POST', key: 'first' })).location).toBe(path);
  });

  it('say how fast it reads and for how long it will, until it has ended', async () => {
    await scene.order(2);
    const { location } = await scene.ask('/v1/reports/rebuilds', { method: 'POST', key: 'progress' });
    const progress = async (): Promise<Readonly<Record<string, unknown>>> =>
      Object(await scene.ask(location ?? '')).found;
    await scene.until(`SELECT to_regclass('rebuild.order_invoice') IS NOT NULL`, true);
    // invoices wait, so something is left to read when all other topics are read
    await using invoices = await scene.hold('LOCK TABLE rebuild.order_invoice');
    await expect.poll(progress, { timeout: 60_000, interval: 20 }).toMatchObject({
      state: 'REPLAYING',
      eventsPerSecond: expect.toSatisfy((rate) => rate > 0),
      remainingSeconds: expect.toSatisfy((seconds) => seconds > 0),
    });
    await invoices.letGo();
    await expect.poll(progress, { timeout: 60_000 }).toMatchObject({ state: 'SWAPPED' });
    const { startedAt, endedAt, events, eventsPerSecond, remainingSeconds } = await progress();
    expect(remainingSeconds).toBeUndefined();
    const seconds = (Date.parse(String(endedAt)) - Date.parse(String(startedAt))) / 1_000;
    expect(eventsPerSecond).toBeCloseTo(Number(events) / seconds, 0);
  });

  it('refuse everybody but admins to start one, and do not know any other', async () => {
    expect(await scene.ask('/v1/reports/rebuilds', { method: 'POST', key: 'third', roles: ['ops'] })).toMatchObject({
      status: 403,
    });
    expect(await scene.ask('/v1/reports/rebuilds/0199f3a2-6f0a-7c51-9b61-2f1d5a0c9e11')).toMatchObject({
      status: 404,
      found: { code: 'rebuild-not-found' },
    });
  });
});
