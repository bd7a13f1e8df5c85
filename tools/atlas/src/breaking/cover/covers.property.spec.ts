import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import fc from 'fast-check';
import type { JsonValue } from '@atlas/ir';
import { describe, expect, it } from 'vitest';
import { configuredAjv } from '../../emit/http/configuredAjv.ts';
import { BUDGET } from '../budget.ts';
import { CleanRefs } from '../hashcons/clean.ts';
import { Projection } from '../project/project.ts';
import { schemas, values } from '../testing/randomSchemas.ts';
import { check } from '../witness/check.ts';
import { covers } from './covers.ts';
import { Search } from './search.ts';

/** Plain ajv over the whole schema; undefined where ajv itself fails, as it does on some unevaluated members. */
function validator(schema: JsonValue): (value: JsonValue) => boolean | undefined {
  const ajv = configuredAjv({ Ajv2020, addFormats: formats.default }, JSON.stringify(schema));
  // cast: `schemas` makes booleans and objects only
  const validate = ajv.compile(schema as boolean | object);
  return (value) => {
    try {
      return validate(value);
    } catch {
      return undefined;
    }
  };
}

describe('random pairs of schemas', () => {
  it('are covered only where no value passes the writer and fails the reader, and break only with such a value', () => {
    const seen = { yes: 0, no: 0, unknown: 0 };
    const wrong = (old: JsonValue, next: JsonValue, attacks: readonly JsonValue[]): readonly string[] => {
      const side = { document: {}, dialect: '2020-12' } as const;
      const search: Search = new Search((ref) => projection.target(ref), BUDGET);
      const projection = new Projection(search.store, side, side, new CleanRefs(side, side));
      const writer = projection.project(old, { side: 'old', direction: 'request', names: 'open' });
      const reader = projection.project(next, { side: 'new', direction: 'request', names: 'open' });
      const verdict = covers(search, reader, writer);
      seen[verdict.kind] += 1;
      const [accepts, takes] = [validator(old), validator(next)];
      const proves = (value: JsonValue): boolean => accepts(value) !== false && takes(value) !== true;
      const disagree = (one: boolean | undefined, other: boolean | undefined): boolean =>
        one !== undefined && other !== undefined && one !== other;
      const along = (value: JsonValue): boolean | undefined => {
        const { kind } = check(search.store, reader, value);
        return kind === 'none' ? undefined : kind === 'accepted';
      };
      const missed = attacks.filter((value) => accepts(value) === true && takes(value) === false);
      return [
        ...(verdict.kind === 'no' && !proves(verdict.value) ? ['a witness that proves nothing'] : []),
        ...(verdict.kind === 'yes' && missed.length > 0 ? ['a value that breaks what is said to be covered'] : []),
        ...(attacks.some((value) => disagree(search.accepts(reader, value), takes(value)))
          ? ["the engine's judge"]
          : []),
        ...(attacks.slice(0, 1).some((value) => disagree(along(value), takes(value)))
          ? ['the schema along a value']
          : []),
      ];
    };
    fc.assert(
      fc.property(schemas, schemas, fc.boolean(), fc.array(values, { minLength: 20 }), (one, two, related, attacks) => {
        expect(wrong(one, related ? { anyOf: [two, one] } : two, attacks)).toEqual([]);
      }),
      { numRuns: 250, seed: 20_260_101 },
    );
    expect(seen.yes).toBeGreaterThan(80);
    expect(seen.no).toBeGreaterThan(40);
    expect(seen.unknown).toBeLessThan(15);
  });
});
