import { readStack } from '@atlas/stack';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonObject, JsonValue } from '@atlas/ir';
import { edited } from '../../../test/avro/edited.ts';
import { evolve } from '../../../test/avro/evolve.ts';
import { cursorOf } from '../../../test/avro/parsed.ts';
import { RandomSchema } from '../../../test/avro/randomSchema.ts';
import { parseAvroType } from '../../read/avro/payloads.ts';
import { compareAvroFiles } from './avroFile.ts';
import type { AvroSide } from './compareAvro.ts';
import { isTransitive, MODES, readingsOf, type Mode } from '../../read/avro/levels.ts';

const runs = { numRuns: Number(process.env['RUNS'] ?? 40), seed: Number(process.env['SEED'] ?? 12) };

/** Asks the registry of the stack. */
class Subjects {
  readonly #url: string;
  #count = 0;

  constructor() {
    const stack = readStack();
    if (!stack) throw new Error('no stack is up: make up');
    this.#url = stack.registry.url;
  }

  /** Whether the registry accepts a schema after older ones, in each mode. */
  async takes(olds: readonly JsonValue[], next: JsonValue): Promise<ReadonlyMap<Mode, boolean>> {
    const verdicts = new Map<Mode, boolean>();
    let subject: string | undefined;
    for (const mode of MODES) {
      subject ??= await this.#made(olds);
      await this.#send('PUT', `/config/${subject}`, { compatibility: mode });
      const status = await this.#register(subject, next);
      if (status !== 200 && status !== 409) throw new Error(`the registry answers ${status}`);
      verdicts.set(mode, status === 200);
      // a refusal leaves the subject as it was, so the next mode is asked with the same one
      if (status === 200) {
        await this.#send('DELETE', `/subjects/${subject}`);
        subject = undefined;
      }
    }
    if (subject !== undefined) await this.#send('DELETE', `/subjects/${subject}`);
    return verdicts;
  }

  /** A new subject with these versions. */
  async #made(olds: readonly JsonValue[]): Promise<string> {
    const subject = `verdict-${process.pid}-${this.#count++}`;
    for (const [index, old] of olds.entries()) {
      if (index > 0) await this.#send('PUT', `/config/${subject}`, { compatibility: 'NONE' });
      const status = await this.#register(subject, old);
      if (status !== 200) throw new Error(`the registry refuses an old version: ${status}`);
    }
    return subject;
  }

  async #register(subject: string, schema: JsonValue): Promise<number> {
    const answer = await this.#send('POST', `/subjects/${subject}/versions`, { schema: JSON.stringify(schema) });
    return answer.status;
  }

  async #send(method: string, path: string, body?: unknown): Promise<Response> {
    const answer = await fetch(this.#url + path, {
      method,
      headers: { 'content-type': 'application/vnd.schemaregistry.v1+json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    await answer.text();
    return answer;
  }
}

function sideOf(schema: JsonValue): AvroSide | undefined {
  const cursor = cursorOf(JSON.stringify(schema));
  const { type } = parseAvroType(cursor, new Map());
  return type && { type, loc: cursor.loc, show: (loc) => loc };
}

function allows(olds: readonly AvroSide[], next: AvroSide, mode: Mode): boolean {
  const compared = isTransitive(mode) ? olds : olds.slice(-1);
  const found = compared.flatMap((old) => compareAvroFiles(old, next, readingsOf(mode), []));
  return found.every(({ severity }) => severity !== 'error');
}

describe('the verdict about two versions of an Avro schema', { timeout: 60_000 + runs.numRuns * 5_000 }, () => {
  it('is that of the registry in every mode', async () => {
    const subjects = new Subjects();
    const verdicts = { yes: 0, no: 0 };
    await fc.assert(
      fc.asyncProperty(fc.gen(), async (gen) => {
        const change = (schema: JsonValue): JsonValue =>
          gen(fc.nat, { max: 2 }) === 0 ? evolve(schema, gen) : edited(schema, gen);
        const first: JsonValue = new RandomSchema(gen).record(3);
        const second = change(first);
        const third = change(second);
        const sides = [first, second, third].map(sideOf);
        const [one, two, three] = sides;
        fc.pre(one !== undefined && two !== undefined && three !== undefined);
        // The registry never compares a version that it already has.
        const texts = [first, second, third].map((schema) => JSON.stringify(schema));
        fc.pre(new Set(texts).size === texts.length);
        for (const [mode, theirs] of await subjects.takes([first, second], third)) {
          expect({ mode, takes: allows([one, two], three, mode) }, texts.join('\n')).toEqual({ mode, takes: theirs });
          verdicts[theirs ? 'yes' : 'no']++;
        }
      }),
      runs,
    );
    expect(verdicts.yes).toBeGreaterThan(runs.numRuns / 2);
    expect(verdicts.no).toBeGreaterThan(runs.numRuns / 2);
  });

  const record = (fields: readonly JsonValue[], more: JsonObject = {}): JsonObject => ({
    type: 'record',
    name: 'n.R',
    fields,
    ...more,
  });
  const seat = (namespace: string, type: string): JsonObject => ({
    type: 'record',
    name: `${namespace}.Seat`,
    fields: [{ name: 'row', type }],
  });

  it.each<[string, JsonValue, JsonValue]>([
    ['a string that becomes bytes', 'string', 'bytes'],
    ['a list whose items get wider', { type: 'array', items: 'int' }, { type: 'array', items: 'double' }],
    [
      'an enum at the root',
      { type: 'enum', name: 'E', symbols: ['A', 'B'] },
      { type: 'enum', name: 'E', symbols: ['A'], default: 'A' },
    ],
    [
      'an alias that is also the name of another field',
      record([{ name: 'a', type: 'int' }]),
      record([
        { name: 'a', type: 'int' },
        { name: 'b', type: 'int', aliases: ['a'] },
      ]),
    ],
    [
      'a branch of the same short name that fits better than the one of the same name',
      record([{ name: 'seat', type: [seat('x', 'int')] }]),
      record([{ name: 'seat', type: [seat('x', 'string'), seat('y', 'int')] }]),
    ],
    ['a record that moves to another namespace', record([]), record([], { name: 'm.R' })],
    ['a record with another name and an alias', record([]), record([], { name: 'n.S', aliases: ['n.R'] })],
    [
      'a record that contains itself, and gets a field without default',
      record([{ name: 'next', type: ['null', 'n.R'] }]),
      record([
        { name: 'next', type: ['null', 'n.R'] },
        { name: 'more', type: 'int' },
      ]),
    ],
    [
      'a field without default of an enum that has one',
      record([]),
      record([{ name: 'e', type: { type: 'enum', name: 'n.E', symbols: ['A'], default: 'A' } }]),
    ],
    [
      'a value that becomes a union of itself',
      record([{ name: 'a', type: 'int' }]),
      record([{ name: 'a', type: ['long'] }]),
    ],
  ])('is that of the registry for %s', async (_, old, next) => {
    const subjects = new Subjects();
    const [before, after] = [sideOf(old), sideOf(next)];
    if (!before || !after) throw new Error('the schemas are not valid');
    for (const [was, is, from, to] of [
      [old, next, before, after],
      [next, old, after, before],
    ] as const)
      for (const [mode, takes] of await subjects.takes([was], is))
        expect({ mode, takes: allows([from], to, mode) }).toEqual({ mode, takes });
  });
});
