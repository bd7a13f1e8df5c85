import { fullJitter } from '../../time/fullJitter.ts';
import type { RelayEffect, RelayInput, RelayRow, RelayState } from './state.ts';

const LIMIT = { first: 64, least: 16, most: 1_000 } as const;
/** Batches lighter than the one may grow, heavier than the other shrink. */
const BYTES = { light: 1024 * 1024, heavy: 4 * 1024 * 1024 } as const;
const REST = { least: 5, most: 100 } as const;
const BACKOFF = { baseMs: 100, capMs: 2_000 } as const;
const TROUBLE_MS = 1_000;

type Step<Row extends RelayRow> = readonly [RelayState<Row>, readonly RelayEffect<Row>[]];

export function relayStart<Row extends RelayRow>(): Step<Row> {
  const state: RelayState<Row> = {
    stopping: false,
    looked: false,
    limit: LIMIT.first,
    restMs: REST.least,
    failures: 0,
    troubled: new Map(),
    groups: [],
    sent: [],
    more: false,
  };
  return [state, [{ kind: 'rest', ms: 0, wakes: true }]];
}

/**
 * The relay: claims rows by their presence, sends them, deletes what was acknowledged. At most one effect is under way; its outcome is
 * the next input. Rows of a key leave in the order of their ids, or wait: behind a dead row, or with their topic.
 */
export function relayStep<Row extends RelayRow>(
  state: RelayState<Row>,
  input: RelayInput<Row>,
  random?: () => number,
): Step<Row> {
  switch (input.kind) {
    case 'rested': {
      const troubled = new Map([...state.troubled].filter(([, { until }]) => until > input.now));
      const rested = { ...state, troubled };
      if (input.leads) return claim(rested);
      return state.stopping ? end(rested) : [rested, [{ kind: 'rest', ms: REST.most, wakes: false }]];
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
    case 'buried': {
      const [[dead] = [], ...groups] = state.groups;
      const isBehind = (row: Row): boolean => row.topic === dead?.topic && row.key === dead.key;
      return next({ ...state, groups: dead?.key === undefined ? groups : without(groups, isBehind) });
    }
    case 'deleted':
      // what was committed since the claim is published before the end
      return settle({ ...state, sent: [], more: state.more || state.stopping }, random);
    case 'fenced':
      return settle({ ...state, groups: [], sent: [], more: false }, random);
    case 'failed':
      // what was sent and not deleted is there still, and will be sent again
      return settle({ ...state, groups: [], sent: [], more: false, failures: state.failures + 1 }, random);
    case 'stop':
      return [{ ...state, stopping: true }, []];
  }
}

function claim<Row extends RelayRow>(state: RelayState<Row>): Step<Row> {
  const { limit, troubled, stopping } = state;
  return [{ ...state, looked: stopping }, [{ kind: 'claim', limit, without: [...troubled.keys()] }]];
}

function claimed<Row extends RelayRow>(
  state: RelayState<Row>,
  { rows, trouble, now }: Extract<RelayInput<Row>, { kind: 'claimed' }>,
): Step<Row> {
  const troubled = new Map(state.troubled);
  for (const [topic, why] of trouble) troubled.set(topic, { ...why, until: now + TROUBLE_MS });
  const free = rows.filter(({ topic }) => !troubled.has(topic));
  const full = rows.length >= state.limit;
  const bytes = rows.reduce((sum, row) => sum + row.bytes, 0);
  return next({
    ...state,
    troubled,
    groups: groupsOf(free),
    failures: free.length > 0 ? state.failures : 0,
    limit: limitAfter(state.limit, full, bytes),
    restMs: free.length > 0 ? REST.least : Math.min(REST.most, state.restMs * 2),
    // rows of a topic that has just been found in trouble may have filled the batch
    more: full || (rows.length > 0 && trouble.size > 0),
  });
}

function limitAfter(limit: number, full: boolean, bytes: number): number {
  if (bytes > BYTES.heavy) return Math.max(LIMIT.least, limit >> 1);
  return full && bytes < BYTES.light ? Math.min(LIMIT.most, limit * 2) : limit;
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
    const troubled = new Map(state.troubled).set(row.topic, { reason, lasting: true, until: now + TROUBLE_MS });
    return next({ ...state, troubled, groups: without(groups, ({ topic }) => topic === row.topic) });
  }
  const smaller = split(group);
  if (smaller) return next({ ...state, groups: [...smaller, ...groups] });
  return [state, [{ kind: 'bury', row, reason }]];
}

/** Sends what is left, deletes what was sent, or has done with the claim. */
function next<Row extends RelayRow>(state: RelayState<Row>, random?: () => number): Step<Row> {
  const [group] = state.groups;
  if (group) return [state, [{ kind: 'send', rows: group }]];
  if (state.sent.length > 0) return [state, [{ kind: 'delete', rows: state.sent }]];
  return settle(state, random);
}

function settle<Row extends RelayRow>(state: RelayState<Row>, random?: () => number): Step<Row> {
  if (state.failures > 0) {
    if (state.stopping) return end(state);
    // no wake cuts this short: each commit would try a broker that is down
    return [state, [{ kind: 'rest', ms: REST.least + fullJitter(state.failures, BACKOFF, random), wakes: false }]];
  }
  if (state.more || (state.stopping && !state.looked)) return [state, [{ kind: 'rest', ms: 0, wakes: true }]];
  return state.stopping ? end(state) : [state, [{ kind: 'rest', ms: state.restMs, wakes: true }]];
}

function end<Row extends RelayRow>(state: RelayState<Row>): Step<Row> {
  return [state, [{ kind: 'end' }]];
}

function without<Row extends RelayRow>(
  groups: readonly (readonly Row[])[],
  which: (row: Row) => boolean,
): readonly (readonly Row[])[] {
  return groups.map((group) => group.filter((row) => !which(row))).filter((group) => group.length > 0);
}

/**
 * A partition's share of one send is one record batch, and `max.message.bytes` (1 MiB unless set otherwise) is about the
 * batch.
 */
const BATCH_BYTES = 900 * 1024;

/** Rows in their order, cut where a partition's share would become too large for the broker. */
export function groupsOf<Row extends RelayRow>(rows: readonly Row[]): readonly (readonly Row[])[] {
  const groups: Row[][] = [];
  let group: Row[] = [];
  let shares = new Map<string, number>();
  for (const row of rows) {
    const place = `${row.topic}/${row.partition}`;
    const share = (shares.get(place) ?? 0) + row.bytes;
    if (share > BATCH_BYTES && shares.has(place)) {
      groups.push(group);
      group = [];
      shares = new Map([[place, row.bytes]]);
    } else shares.set(place, share);
    group.push(row);
  }
  if (group.length > 0) groups.push(group);
  return groups;
}

/** A refused group in smaller ones, whose refusal says more: by topic, then by row. Undefined for a single row. */
export function split<Row extends RelayRow>(group: readonly Row[]): readonly (readonly Row[])[] | undefined {
  if (group.length <= 1) return undefined;
  const topics = Map.groupBy(group, ({ topic }) => topic);
  return topics.size > 1 ? [...topics.values()] : group.map((row) => [row]);
}
