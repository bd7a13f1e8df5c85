import { fullJitter } from '../../time/fullJitter.ts';
import type { RelayEffect, RelayInput, RelayRow, RelayState, Trouble, Troubles } from './state.ts';

/** How many rows a claim takes. */
const LIMIT = { first: 64, min: 16, max: 1_000 } as const;
/** A batch lighter than `light` may grow, one heavier than `heavy` shrinks. */
const BYTES = { light: 1024 * 1024, heavy: 4 * 1024 * 1024 } as const;
/** `around` is longer, because a claim around schemas in trouble reads the whole outbox. */
const IDLE_MS = { min: 5, max: 100, around: 500 } as const;
/**
 * The rest after a published batch while many rows come. Rows that are committed meanwhile share one batch. That saves
 * work, because each batch costs two statements, a request to the broker and an answer to each consumer, however few
 * events it has.
 */
const REST = { ms: 10, wakeable: false } as const;
/**
 * From this many rows in about 100 ms on, a rest joins several batches into one. With fewer, it would only make each
 * row wait.
 */
const MANY = { rows: 20, ms: 100 } as const;
const BACKOFF = { baseMs: 100, capMs: 2_000 } as const;
const TROUBLE_MS = 1_000;

type Step<Row extends RelayRow> = readonly [RelayState<Row>, readonly RelayEffect<Row>[]];

export function relayStart<Row extends RelayRow>(): Step<Row> {
  const state: RelayState<Row> = {
    stopping: false,
    claimedAfterStop: false,
    limit: LIMIT.first,
    idleMs: IDLE_MS.min,
    failures: 0,
    troubled: { topics: new Map(), schemas: new Map() },
    groups: [],
    sent: [],
    more: false,
    recent: { rows: 0, at: 0 },
  };
  return [state, [{ kind: 'sleep', ms: 0, wakeable: true }]];
}

/**
 * Decides what the relay does next. It claims the rows that are there, sends them, and deletes what was acknowledged.
 * At most one effect is under way, and its outcome is the next input. Rows of a key are sent in the order of their ids.
 * They wait if their topic is in trouble, or if an earlier row of their key is dead or its schema is in trouble.
 */
export function relayStep<Row extends RelayRow>(
  state: RelayState<Row>,
  input: RelayInput<Row>,
  random?: () => number,
): Step<Row> {
  switch (input.kind) {
    case 'slept': {
      const { topics, schemas } = state.troubled;
      const troubled = { topics: stillOf(topics, input.now), schemas: stillOf(schemas, input.now) };
      const awake = { ...state, troubled };
      if (input.leads) return claim(awake);
      return state.stopping ? end(awake) : [awake, [{ kind: 'sleep', ms: IDLE_MS.max, wakeable: false }]];
    }
    case 'claimed':
      return claimed(state, input);
    case 'sent': {
      const [group = [], ...groups] = state.groups;
      return next({ ...state, groups, failures: 0, sent: [...state.sent, ...group] });
    }
    case 'refused':
      return refused(state, input);
    case 'unsent':
      return next({ ...state, groups: [], more: false, failures: state.failures + 1 }, random);
    case 'markedDead':
      return next({ ...state, groups: withoutFirst(state.groups) });
    case 'shortened':
      // the dead letter's row has changed, and is claimed again before the later rows of its key
      return next({ ...state, groups: withoutFirst(state.groups), more: true });
    case 'deleted':
      // rows that were committed since the claim are published before the relay ends
      return afterBatch(
        { ...state, sent: [], more: state.more || state.stopping },
        random,
        state.recent.rows >= MANY.rows ? REST : undefined,
      );
    case 'fenced':
      return afterBatch({ ...state, groups: [], sent: [], more: false }, random);
    case 'failed':
      // rows that were sent but not deleted are still in the outbox, and are sent again
      return afterBatch({ ...state, groups: [], sent: [], more: false, failures: state.failures + 1 }, random);
    case 'stop':
      return [{ ...state, stopping: true }, []];
  }
}

function claim<Row extends RelayRow>(state: RelayState<Row>): Step<Row> {
  const { limit, troubled, stopping } = state;
  const [exceptTopics, exceptSchemas] = [[...troubled.topics.keys()], [...troubled.schemas.keys()]];
  return [{ ...state, claimedAfterStop: stopping }, [{ kind: 'claim', limit, exceptTopics, exceptSchemas }]];
}

function claimed<Row extends RelayRow>(
  state: RelayState<Row>,
  { rows, trouble, now }: Extract<RelayInput<Row>, { kind: 'claimed' }>,
): Step<Row> {
  const until = now + TROUBLE_MS;
  const troubled = {
    topics: withTrouble(state.troubled.topics, trouble.topics, until),
    schemas: withTrouble(state.troubled.schemas, trouble.schemas, until),
  };
  const free = sendable(rows, troubled);
  const full = rows.length >= state.limit;
  const longest = troubled.schemas.size > 0 ? IDLE_MS.around : IDLE_MS.max;
  const bytes = rows.reduce((sum, row) => sum + row.bytes, 0);
  const { recent } = state;
  return next({
    ...state,
    recent: { rows: recent.rows * Math.exp((recent.at - now) / MANY.ms) + rows.length, at: now },
    troubled,
    groups: groupsOf(free),
    failures: free.length > 0 ? state.failures : 0,
    limit: limitAfter(state.limit, full, bytes),
    idleMs: free.length > 0 ? IDLE_MS.min : Math.min(longest, state.idleMs * 2),
    // the batch may be full of rows that were just found to be in trouble
    more: full || (rows.length > 0 && trouble.topics.size + trouble.schemas.size > 0),
  });
}

function limitAfter(limit: number, full: boolean, bytes: number): number {
  if (bytes > BYTES.heavy) return Math.max(LIMIT.min, limit >> 1);
  return full && bytes < BYTES.light ? Math.min(LIMIT.max, limit * 2) : limit;
}

function refused<Row extends RelayRow>(
  state: RelayState<Row>,
  { about, reason, now }: Extract<RelayInput<Row>, { kind: 'refused' }>,
): Step<Row> {
  const [group = [], ...groups] = state.groups;
  const [row] = group;
  if (!row) return next({ ...state, groups });
  const oneTopic = group.every(({ topic }) => topic === row.topic);
  if (oneTopic && about === 'topic') {
    const found = new Map([[row.topic, { reason, lasting: true }]]);
    const topics = withTrouble(state.troubled.topics, found, now + TROUBLE_MS);
    return next({
      ...state,
      troubled: { ...state.troubled, topics },
      groups: except(groups, ({ topic }) => topic === row.topic),
    });
  }
  const smaller = split(group);
  if (smaller) return next({ ...state, groups: [...smaller, ...groups] });
  return [state, [{ kind: row.shortenable ? 'shorten' : 'markDead', row, reason }]];
}

type Lasting = Trouble & { readonly until: number };

function withTrouble(
  known: ReadonlyMap<string, Lasting>,
  found: ReadonlyMap<string, Trouble>,
  until: number,
): ReadonlyMap<string, Lasting> {
  return new Map([...known, ...Array.from(found, ([name, why]) => [name, { ...why, until }] as const)]);
}

function stillOf(troubled: ReadonlyMap<string, Lasting>, now: number): ReadonlyMap<string, Lasting> {
  return new Map([...troubled].filter(([, { until }]) => until > now));
}

/** The rows that can be sent, in the order of their ids: they are not in trouble and no earlier row of their key is. */
function sendable<Row extends RelayRow>(rows: readonly Row[], { topics, schemas }: Troubles): readonly Row[] {
  const held = new Set<string>();
  return rows.filter(({ topic, key, schema }) => {
    const name = key === undefined ? undefined : `${topic}\n${key}`;
    const isSendable =
      !topics.has(topic) && !(schema !== undefined && schemas.has(schema)) && !(name !== undefined && held.has(name));
    if (!isSendable && name !== undefined) held.add(name);
    return isSendable;
  });
}

/** The groups without their first row, and without the other rows of its key. */
function withoutFirst<Row extends RelayRow>(groups: readonly (readonly Row[])[]): readonly (readonly Row[])[] {
  const [[first] = [], ...others] = groups;
  if (first?.key === undefined) return others;
  return except(others, ({ topic, key }) => topic === first.topic && key === first.key);
}

/** Sends the next group. After the last one, deletes what was sent. */
function next<Row extends RelayRow>(state: RelayState<Row>, random?: () => number): Step<Row> {
  const [group] = state.groups;
  if (group) return [state, [{ kind: 'send', rows: group }]];
  if (state.sent.length > 0) return [state, [{ kind: 'delete', rows: state.sent }]];
  return afterBatch(state, random);
}

function afterBatch<Row extends RelayRow>(
  state: RelayState<Row>,
  random?: () => number,
  rest: { readonly ms: number; readonly wakeable: boolean } = { ms: state.idleMs, wakeable: true },
): Step<Row> {
  if (state.failures > 0) {
    if (state.stopping) return end(state);
    // not wakeable, because otherwise each commit would try a broker that is down
    const ms = IDLE_MS.min + fullJitter(state.failures, BACKOFF, random);
    return [state, [{ kind: 'sleep', ms, wakeable: false }]];
  }
  if (state.more || (state.stopping && !state.claimedAfterStop))
    return [state, [{ kind: 'sleep', ms: 0, wakeable: true }]];
  return state.stopping ? end(state) : [state, [{ kind: 'sleep', ...rest }]];
}

function end<Row extends RelayRow>(state: RelayState<Row>): Step<Row> {
  return [state, [{ kind: 'end' }]];
}

function except<Row extends RelayRow>(
  groups: readonly (readonly Row[])[],
  isLeftOut: (row: Row) => boolean,
): readonly (readonly Row[])[] {
  return groups.map((group) => group.filter((row) => !isLeftOut(row))).filter((group) => group.length > 0);
}

/** The rows of one partition in one send are one record batch, and `max.message.bytes` (1 MiB) limits that batch. */
const BATCH_BYTES = 900 * 1024;

/** The rows in their order, cut before a partition's share would become too large for the broker. */
function groupsOf<Row extends RelayRow>(rows: readonly Row[]): readonly (readonly Row[])[] {
  const groups: Row[][] = [];
  let group: Row[] = [];
  let shares = new Map<string, number>();
  for (const row of rows) {
    const partition = `${row.topic}/${row.partition}`;
    const share = (shares.get(partition) ?? 0) + row.bytes;
    if (share > BATCH_BYTES && shares.has(partition)) {
      groups.push(group);
      group = [];
      shares = new Map([[partition, row.bytes]]);
    } else shares.set(partition, share);
    group.push(row);
  }
  if (group.length > 0) groups.push(group);
  return groups;
}

/** Splits a refused group by topic, or by row if it has one topic, to find the bad row. Undefined for a single row. */
function split<Row extends RelayRow>(group: readonly Row[]): readonly (readonly Row[])[] | undefined {
  if (group.length <= 1) return undefined;
  const topics = Map.groupBy(group, ({ topic }) => topic);
  return topics.size > 1 ? [...topics.values()] : group.map((row) => [row]);
}
