import fc from 'fast-check';
import type { JsonValue } from '@atlas/ir';
import { describe, expect, it } from 'vitest';
import { BUDGET } from '../budget.ts';
import { CleanRefs } from '../hashcons/clean.ts';
import { Projection } from '../project/project.ts';
import { plainAjv } from '../testing/plainAjv.ts';
import { schemas, values } from '../testing/randomSchemas.ts';
import { check } from '../witness/check.ts';
import { covers } from './covers.ts';
import { Search } from './search.ts';

/** 2,000 pairs in all, split over several tests, so that none takes long on a busy machine. */
const PAIRS = 500;
const SEEDS = [20_260_101, 20_260_102, 20_260_103, 20_260_104];

describe('random pairs of schemas', () => {
  it.each(SEEDS)('are covered only if no value breaks them, and break only with such a value (seed %i)', (seed) => {
    const seen = { yes: 0, no: 0, unknown: 0 };
    const wrong = (old: JsonValue, next: JsonValue, attacks: readonly JsonValue[]): readonly string[] => {
      const side = { document: {}, dialect: '2020-12' } as const;
      const search: Search = new Search((ref) => projection.target(ref), BUDGET);
      const projection = new Projection(search.store, side, side, new CleanRefs(side, side));
      const writer = projection.project(old, { side: 'old', direction: 'request', names: 'open' });
      const reader = projection.project(next, { side: 'new', direction: 'request', names: 'open' });
      const verdict = covers(search, reader, writer);
      seen[verdict.kind] += 1;
      const [accepts, takes] = [plainAjv(old), plainAjv(next)];
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
      { numRuns: PAIRS, seed },
    );
    expect(seen.yes).toBeGreaterThan(160);
    expect(seen.no).toBeGreaterThan(80);
    expect(seen.unknown).toBeLessThan(30);
  });
});
