import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import pg from 'pg';
import { brokenInvariants } from '../src/invariants/index.ts';
import { readAnswers } from '../src/story/readAnswers.ts';
import { SERVICES } from '../src/system/services.ts';
import { eventsIn } from '../src/topics/eventOf.ts';
import type { Isolated } from './isolated.ts';

const VERIFY_AUDIT = fileURLToPath(new URL('../../workflow/src/verifyAudit.ts', import.meta.url));

/**
 * The violations of the design's invariants, in words. Poll it, because there are none only once nothing is under way.
 */
export async function violations(erp: Isolated): Promise<readonly string[]> {
  const drift = await query(erp, 'inventory', 'SELECT invariant, place, expected, found FROM drift');
  const events = eventsIn(erp.feed.records());
  return [
    ...(await waiting(erp)),
    ...brokenInvariants(events, await readAnswers(erp.begun, events)),
    ...(await stuckOrders(erp)),
    ...(await heldInVain(erp)),
    ...(await countedOtherwise(erp)),
    ...(await brokenAudit(erp)),
    ...drift.map((row) => `S1 to S3: ${JSON.stringify(row)}`),
  ];
}

/** S5: stock that is held for an order that has ended. */
async function heldInVain(erp: Isolated): Promise<readonly string[]> {
  const ended = await query(
    erp,
    'orders',
    "SELECT order_id AS id FROM orders WHERE state IN ('CANCELLED', 'FULFILLED')",
  );
  const ids = new Set(ended.map(({ id }) => id));
  const held = await query(
    erp,
    'inventory',
    "SELECT order_id AS id, state FROM reservation WHERE state IN ('HELD', 'COMMITTED')",
  );
  return held.filter(({ id }) => ids.has(id)).map(({ id, state }) => `S5: stock of ${String(id)} is ${String(state)}`);
}

/** R1: stock that Reporting counts differently from Inventory. */
async function countedOtherwise(erp: Isolated): Promise<readonly string[]> {
  const counted = async (service: string, text: string): Promise<ReadonlyMap<string, string>> =>
    new Map((await query(erp, service, text)).map(({ place, stock }) => [String(place), String(stock)]));
  const stock = `sku || ' in ' || warehouse_id AS place, on_hand || ' on hand, ' || reserved || ' reserved' AS stock`;
  const inventory = await counted('inventory', `SELECT ${stock} FROM stock_level WHERE on_hand > 0`);
  const reporting = await counted(
    'reporting',
    `SELECT ${stock} FROM stock_level CROSS JOIN LATERAL (
       SELECT coalesce(sum(qty), 0) AS reserved FROM held_line
       WHERE (held_line.sku, held_line.warehouse_id) = (stock_level.sku, stock_level.warehouse_id)
     ) held WHERE on_hand > 0`,
  );
  return [...new Set([...inventory.keys(), ...reporting.keys()])]
    .filter((place) => inventory.get(place) !== reporting.get(place))
    .map(
      (place) =>
        `R1: ${place}: ${inventory.get(place) ?? 'nothing'}; by Reporting ${reporting.get(place) ?? 'nothing'}`,
    );
}

/** W4: the message of the program that verifies the audit chain, if the chain is broken. */
async function brokenAudit({ databases }: Isolated): Promise<readonly string[]> {
  const env = { ...process.env, DATABASE_URL: databases['workflow']?.appUrl };
  try {
    await promisify(execFile)(process.execPath, [VERIFY_AUDIT], { env });
    return [];
  } catch (error) {
    return [`W4: ${error instanceof Error && 'stdout' in error ? String(error.stdout) : String(error)}`];
  }
}

/** X1: outboxes that are not empty, and keys that are parked. */
async function waiting(erp: Isolated): Promise<readonly string[]> {
  const found = await Promise.all(
    SERVICES.map(async (service) => {
      const rows = await query(
        erp,
        service,
        `SELECT 'outbox' AS place FROM atlas_outbox UNION ALL SELECT 'parked' FROM atlas_parked_key`,
      );
      return rows.map(({ place }) => `X1: a row of ${service}: ${String(place)}`);
    }),
  );
  return found.flat();
}

/** X4: orders that have not ended, and that neither a timer nor a person will move. */
async function stuckOrders(erp: Isolated): Promise<readonly string[]> {
  const idsOf = async (service: string, text: string): Promise<ReadonlySet<unknown>> =>
    new Set((await query(erp, service, text)).map(({ id }) => id));
  // these end by a person's decision or the step's deadline
  const decided = await idsOf(
    'workflow',
    `SELECT subject_id AS id FROM approval JOIN atlas_timer ON name = 'stepDeadline' AND key = approval_id::text
     WHERE approval.state = 'PENDING'`,
  );
  // these end when the money comes or the hold ends
  const held = await idsOf(
    'inventory',
    `SELECT order_id AS id FROM reservation JOIN atlas_timer ON name = 'reservationExpiry' AND key = order_id::text
     WHERE reservation.state = 'HELD'`,
  );
  // these end when a person ships them
  const committed = await idsOf('inventory', "SELECT order_id AS id FROM reservation WHERE state = 'COMMITTED'");
  const moves: Readonly<Record<string, ReadonlySet<unknown>>> = {
    AWAITING_APPROVAL: decided,
    AWAITING_PAYMENT: held,
    READY: committed,
    PARTIALLY_FULFILLED: committed,
  };
  const open = await query(
    erp,
    'orders',
    "SELECT order_id AS id, state FROM orders WHERE state NOT IN ('DRAFT', 'FULFILLED', 'CANCELLED')",
  );
  return open
    .filter(({ id, state }) => moves[String(state)]?.has(id) !== true)
    .map(({ id, state }) => `X4: order ${String(id)} is ${String(state)}, and nothing moves it`);
}

/**
 * A digest of each table of a service, without the plumbing's own tables. Two digests are equal if the tables have the
 * same rows.
 */
export async function digestsOf(erp: Isolated, service: string): Promise<Readonly<Record<string, unknown>>> {
  return withClient(erp, service, async (client) => {
    const tables = await client.query<{ name: string }>(
      `SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public' AND tablename NOT LIKE 'atlas%'`,
    );
    const digests: Record<string, unknown> = {};
    for (const { name } of tables.rows) {
      const { rows } = await client.query<{ digest: string }>(
        `SELECT count(*) || ' ' || coalesce(md5(string_agg(t::text, E'\\n' ORDER BY t::text)), '') AS digest FROM ${pg.escapeIdentifier(name)} t`,
      );
      digests[`${service}.${name}`] = rows[0]?.digest;
    }
    return digests;
  });
}

function query(erp: Isolated, service: string, text: string): Promise<readonly Readonly<Record<string, unknown>>[]> {
  return withClient(erp, service, async (client) => (await client.query<Record<string, unknown>>(text)).rows);
}

async function withClient<T>(
  { databases }: Isolated,
  service: string,
  use: (client: pg.Client) => Promise<T>,
): Promise<T> {
  const client = new pg.Client({ connectionString: databases[service]?.ownerUrl });
  await client.connect();
  try {
    return await use(client);
  } finally {
    await client.end();
  }
}
