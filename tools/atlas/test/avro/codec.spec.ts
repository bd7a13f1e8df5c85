import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { avscType } from './avscType.ts';
import { codecFolder } from './codecModule.ts';
import { recordOf } from './parsed.ts';
import { RandomSchema } from './randomSchema.ts';
import { Samples } from './samples.ts';

const folder = codecFolder();
afterAll(() => folder[Symbol.dispose]());

const runs = { numRuns: Number(process.env['RUNS'] ?? 150) };

describe('a generated codec', { timeout: 60_000 + runs.numRuns * 100 }, () => {
  it('writes the same bytes as avsc and reads them back, for random schemas and values', async () => {
    await fc.assert(
      fc.asyncProperty(fc.gen(), async (gen) => {
        const schema = new RandomSchema(gen).record(4);
        const codec = await folder.load(schema);
        const theirs = avscType(codec.schema);
        const samples = new Samples(gen, recordOf(schema).record);
        for (let count = 0; count < 8; count++) {
          const sample = samples.next();
          const bytes = codec.encode(sample.ours);
          expect(Buffer.from(bytes).toString('hex')).toBe(theirs.toBuffer(sample.theirs).toString('hex'));
          expect(codec.decode(bytes)).toStrictEqual(sample.ours);
        }
      }),
      runs,
    );
  });

  it('throws ATLAS_AVRO_DECODE for bytes that were cut or changed, or gives a value that it can write', async () => {
    await fc.assert(
      fc.asyncProperty(fc.gen(), async (gen) => {
        const schema = new RandomSchema(gen).record(4);
        const codec = await folder.load(schema);
        const bytes = codec.encode(new Samples(gen, recordOf(schema).record).next().ours);
        for (let cut = 0; cut < bytes.length; cut += 1 + Math.floor(bytes.length / 40))
          expect(outcome(() => codec.decode(bytes.subarray(0, cut)))).toBe('ATLAS_AVRO_DECODE');
        for (let count = 0; count < 20 && bytes.length > 0; count++) {
          const changed = Uint8Array.from(bytes);
          changed[gen(fc.nat, { max: bytes.length - 1 })] = gen(fc.nat, { max: 255 });
          expect(['ATLAS_AVRO_DECODE', 'encoded']).toContain(
            outcome(() => (codec.encode(codec.decode(changed)), 'encoded')),
          );
        }
      }),
      runs,
    );
  });
});

function outcome(run: () => unknown): unknown {
  try {
    return run();
  } catch (error) {
    return error instanceof Error && 'code' in error ? error.code : error;
  }
}
