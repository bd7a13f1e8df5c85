import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { caseFolder, readTree } from './harness/caseFolder.ts';
import { toolkit } from './harness/repository.ts';

interface Generator {
  generateFromFile(path: string): Promise<void>;
}
type GeneratorClass = new (template: string, out: string, options: object) => Generator;

/** True for the class of the generator. Its package has no types and only a CommonJS entry. */
function isGenerator(value: unknown): value is GeneratorClass {
  return typeof value === 'function' && 'getTemplateFile' in value;
}

/** The files that the official generator writes for a document, by path. */
async function generated(
  file: string,
  { service, document, avro }: { readonly service: string; readonly document: string; readonly avro: string },
): Promise<ReadonlyMap<string, string>> {
  const official: unknown = createRequire(import.meta.url)('@asyncapi/generator');
  if (!isGenerator(official)) throw new Error('@asyncapi/generator is not what it was');
  const out = await mkdtemp(join(tmpdir(), 'atlas-official-'));
  try {
    const templateParams = { service, avro, document };
    const generator = new official(join(toolkit, 'templates/asyncapi-template'), out, {
      templateParams,
      forceWrite: true,
    });
    await generator.generateFromFile(file);
    return await readTree(out);
  } finally {
    await rm(out, { recursive: true, force: true });
  }
}

describe('the official @asyncapi/generator', () => {
  it.each([
    ['bookings', 'tickets', 'specs/asyncapi/tickets.yaml'],
    ['bookings', 'venues', 'specs/asyncapi/venues.yaml'],
    ['events-only', 'meter', 'specs/asyncapi/meter.yaml'],
    ['events-only', 'bill-maker', 'specs/asyncapi/bill-maker.yaml'],
    ['injection', 'shop', 'specs/asyncapi/shop.json'],
    ['avro-kinds', 'lab', 'specs/asyncapi/lab.yaml'],
  ])(
    'writes the same event files as atlas, byte for byte, for the case %s and its service %s',
    async (name, service, document) => {
      const found = await generated(join(caseFolder(name), document), {
        service,
        document,
        avro: join(caseFolder(name), 'specs/avro'),
      });
      const all = await readTree(join(caseFolder(name), 'expected', service));
      const expected = new Map([...all].filter(([path]) => /^(events|outbox)\//.test(path)));
      expect([...found.keys()]).toEqual([...expected.keys()]);
      for (const [path, text] of expected) expect(found.get(path), path).toBe(text);
    },
  );
});
