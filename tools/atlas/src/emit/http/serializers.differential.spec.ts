import type { JsonObject, JsonValue } from '@atlas/ir';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { apiOf, fn, moduleFolder } from '../../../test/harness/compiledModule.ts';
import { answers, closedSchemaSets, schemaSets } from '../../../test/harness/randomSchemas.ts';
import { serializersModule } from './serializers.ts';
import { validatorsModule } from './validators.ts';

const modules = moduleFolder();
afterAll(() => modules.remove());

describe('a compiled serialiser writes what its validator accepts as JSON.stringify does', () => {
  it.each([
    ['random schemas', schemaSets],
    ['random schemas that allow no further members', closedSchemaSets],
  ])('for %s', async (_, sets) => {
    let accepted = 0;
    await fc.assert(
      fc.asyncProperty(sets, fc.array(answers, { minLength: 40, maxLength: 40 }), async ({ schema, schemas }, list) => {
        const { check, write } = await compiled(schema, schemas);
        for (const value of list) {
          if (check(value) !== undefined) continue;
          accepted++;
          expect(JSON.parse(String(write(value))), JSON.stringify(value)).toEqual(JSON.parse(JSON.stringify(value)));
        }
      }),
      { numRuns: 80 },
    );
    expect(accepted).toBeGreaterThan(100);
  });
});

async function compiled(
  schema: JsonValue,
  schemas: JsonObject,
): Promise<{ readonly check: (value: unknown) => unknown; readonly write: (value: unknown) => unknown }> {
  const api = apiOf(schema, schemas);
  const [validators, serializers] = await Promise.all([validatorsModule(api), serializersModule(api)]);
  const [validator, serializer] = await Promise.all([modules.load(validators.text), modules.load(serializers)]);
  return { check: fn(validator, 'act200'), write: fn(serializer, 'act200') };
}
