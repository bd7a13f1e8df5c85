import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import type { JsonValue } from '@atlas/ir';
import { compareAvro, type AvroSide } from '../../src/breaking/avro/compareAvro.ts';
import { avscType } from './avscType.ts';
import { codecFolder } from './codecModule.ts';
import { edited } from './edited.ts';
import { evolve } from './evolve.ts';
import { recordOf } from './parsed.ts';
import { RandomSchema } from './randomSchema.ts';

const folder = codecFolder();
afterAll(() => folder[Symbol.dispose]());

const runs = { numRuns: Number(process.env['RUNS'] ?? 300) };

/** The schema, if it is valid. */
function parsed(schema: JsonValue): ReturnType<typeof recordOf> | undefined {
  try {
    return recordOf(schema);
  } catch {
    return undefined;
  }
}

describe('the witness of an Avro break', { timeout: 60_000 + runs.numRuns * 100 }, () => {
  it('is data of one schema that generated readers with the other one refuse', async () => {
    const seen = new Map<string, number>();
    await fc.assert(
      fc.asyncProperty(fc.gen(), async (gen) => {
        const older = new RandomSchema(gen).record(4);
        const newer = gen(fc.boolean) ? edited(older, gen) : evolve(older, gen);
        const [old, next] = [parsed(older), parsed(newer)];
        fc.pre(old !== undefined && next !== undefined);
        const side = ({ record }: typeof old): AvroSide => ({ type: record, loc: record.loc, show: (loc) => loc });
        const found = compareAvro(side(old), side(next), ['backward', 'forward']);
        for (const { change, witness, message } of found) {
          seen.set(change, (seen.get(change) ?? 0) + 1);
          expect(witness, message).toBeDefined();
          if (!witness) continue;
          const [writer, reader] = witness.acceptedBy === 'old' ? [old, newer] : [next, older];
          const bytes = avscType(writer.schemaText).toBuffer(
            avscType(writer.schemaText).fromString(JSON.stringify(witness.value)),
          );
          const codec = await folder.load(reader);
          expect(() => codec.resolver(writer.schemaText)(bytes), `${message}\n${witness.shown}`).toThrow();
        }
      }),
      runs,
    );
    expect(seen.size).toBeGreaterThan(6);
  });
});
