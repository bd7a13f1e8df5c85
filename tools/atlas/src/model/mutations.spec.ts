import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { System } from '@atlas/ir';
import { check } from '../check/check.ts';
import { readSpecs, type Specs } from '../read/specs.ts';
import { render } from '../report/render.ts';
import { load } from '../load/load.ts';
import { buildSystem } from './buildSystem.ts';

const clean = fileURLToPath(new URL('../../test/cases/whole/clean-two-services/specs/', import.meta.url));
const FILES = [
  'atlas.config.yaml',
  'openapi/bookings.yaml',
  'openapi/common.yaml',
  'asyncapi/bookings.yaml',
  'asyncapi/seats.yaml',
  'asyncapi/common.yaml',
  'avro/seats/SeatsTaken.avsc',
];
/** Values that specs may have in places where nobody expects them. */
const ODD: readonly unknown[] = [
  null,
  true,
  0,
  -1,
  1.5,
  '',
  'x',
  '{',
  '*',
  '#/',
  [],
  {},
  [[]],
  [null],
  { $ref: '#' },
  { $ref: '#/paths' },
  { $ref: 'nope' },
  { $ref: 1 },
  { '': '' },
  { $ref: './common.yaml' },
  { toString: 1 },
  ['null', 'null'],
];

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'atlas-mutations-'));
  await cp(clean, folder, { recursive: true });
});
afterAll(() => rm(folder, { recursive: true }));

/** Mulberry32: the same seed gives the same mutations on every machine. */
function random(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

/** Every place below a value: the object or list that contains it, and its key there. */
function places(value: unknown): readonly (readonly [holder: object, key: string])[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, child]) => [[value, key] as const, ...places(child)]);
}

function mutateValue(text: string, pick: (below: number) => number): string {
  const value: unknown = parse(text);
  const all = places(value);
  const chosen = all[pick(all.length)];
  const other = all[pick(all.length)];
  if (chosen && other) {
    const [holder, key] = chosen;
    const odd = pick(3) === 0 ? Reflect.get(other[0], other[1]) : structuredClone(ODD[pick(ODD.length)]);
    const kind = pick(16);
    if (kind < 4) Reflect.deleteProperty(holder, key);
    else if (kind < 7) Reflect.set(holder, `${key}x`, odd);
    else Reflect.set(holder, key, odd);
  }
  try {
    return JSON.stringify(value);
  } catch {
    return text; // the value was put below itself
  }
}

function mutateText(text: string, pick: (below: number) => number): string {
  const at = pick(text.length);
  const noise = [
    '',
    '\t',
    '\u0000',
    '"',
    "'",
    '*',
    '&a ',
    '- ',
    ': ',
    '\n',
    '{',
    ']',
    '!!x ',
    '<<: ',
    '%',
    '|',
    '\ud800',
  ];
  return text.slice(0, at) + (noise[pick(noise.length)] ?? '') + text.slice(at + pick(12));
}

async function outcome(): Promise<string> {
  const { workspace, diagnostics, sources } = await load(join(folder, 'atlas.config.yaml'));
  if (!workspace) return diagnostics.length > 0 ? 'refused' : 'silent';
  const specs = readSpecs(workspace);
  const checked = await check(specs);
  const { system, diagnostics: left } = await buildSystem(specs);
  for (const format of ['text', 'sarif', 'junit'] as const)
    render([...diagnostics, ...checked, ...left], { format, sources, color: false });
  if (diagnostics.length + checked.length > 0) return 'refused';
  if (system) return isWhole(specs, system) ? 'accepted' : 'something was left out in silence';
  return `refused too late: ${left.map(({ message }) => message).join(', ')}`;
}

/**
 * Whether everything that was accepted is in the model: every operation, response, parameter and handled message,
 * except what only the plumbing answers with and reads.
 */
function isWhole(specs: Specs, system: System): boolean {
  const http = specs.http.flatMap(({ operations }) => operations);
  const model = system.services.flatMap((service) => service.http?.operations ?? []);
  const plumbing = [
    'header Idempotency-Key',
    'header If-Match',
    'header Accept',
    'header Content-Type',
    'header Authorization',
  ];
  const responses = http.flatMap((operation) => operation.responses.map(({ status }) => status));
  const params = http.flatMap((operation) => operation.params.map((param) => `${param.in} ${param.name}`));
  const events = specs.events.documents.flatMap(({ operations }) => operations);
  const received = events.filter(({ action }) => action === 'receive').flatMap(({ messages }) => messages);
  return (
    model.length === http.length &&
    model.flatMap((operation) => operation.responses).length ===
      responses.filter((status) => !['default', '304'].includes(status)).length &&
    model.flatMap((operation) => operation.params).length ===
      params.filter((param) => !plumbing.some((name) => name.toLowerCase() === param.toLowerCase())).length &&
    system.services.flatMap(({ receives }) => receives).length === received.length
  );
}

it.each(Array.from({ length: 40 }, (_, seed) => seed + 1))(
  'no mutation crashes or slips through, seed %i',
  async (seed) => {
    const pick = random(seed);
    for (let round = 0; round < 8; round++) {
      const file = FILES[pick(FILES.length)] ?? '';
      const original = await readFile(join(clean, file), 'utf8');
      const mutated = (pick(3) === 0 ? mutateText : mutateValue)(original, pick);
      await writeFile(join(folder, file), mutated);
      expect(['accepted', 'refused'], `${file}:\n${mutated}`).toContain(await outcome());
      await writeFile(join(folder, file), original);
    }
  },
);
