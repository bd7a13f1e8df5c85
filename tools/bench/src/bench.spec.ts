import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { acceptedApi } from './acceptedApi.ts';
import { largeApi } from './largeApi.ts';
import { interleave, median } from './measure.ts';
import { timed } from './rows/generate.ts';
import { save, saveLines } from './save.ts';
import { linesOf, markdown } from './table.ts';

describe('interleaved runs', () => {
  it('give the median of the ratios within rounds, so that a slow phase of the machine affects both sides', async () => {
    let slow = 0;
    const contender = (name: string, cost: number) => ({ name, run: () => cost * (slow++ > 20 ? 3 : 1) });
    const { ours, peers } = await interleave(contender('ours', 2), [contender('peer', 4)], { rounds: 21 });
    expect(ours.median).toBeGreaterThan(0);
    expect(peers[0]?.ratio).toBe(0.5);
  });

  it('take turns, begin each round with a different contender, and leave out the warm-up', async () => {
    const order: string[] = [];
    const contender = (name: string) => ({ name, run: () => order.push(name) });
    await interleave(contender('a'), [contender('b')], { rounds: 2 });
    expect(order).toEqual(['a', 'b', 'b', 'a', 'a', 'b']);
  });

  it('report each round before it begins, and end if the report throws', async () => {
    const seen: string[] = [];
    const beforeRound = (round: number, of: number): void => {
      if (round === 3) throw new Error('enough');
      seen.push(`${round}/${of}`);
    };
    const ours = { name: 'ours', run: () => 1 };
    await expect(interleave(ours, [], { rounds: 4, warmup: 1, beforeRound })).rejects.toThrow('enough');
    expect(seen).toEqual(['1/5', '2/5']);
  });

  it('use the mean of the two middle values as the median of an even number', () => {
    expect(median([4, 1, 3, 2])).toBe(2.5);
  });
});

describe('the table of results', () => {
  const figures = { name: 'bare', median: 20, spread: 0.1 };
  const measured = {
    title: 'a thing',
    unit: 'ms',
    comparison: { ours: { ...figures, median: 1234.5 }, peers: [{ ...figures, ratio: 1.5, ratioSpread: 0.04 }] },
    note: 'all of it',
  } as const;

  it('has a line with our figure, that of the peer, the ratio and what is included', () => {
    const [, , line] = markdown(linesOf(measured)).split('\n');
    expect(line).toBe('| a thing | 1,235 ms ±10 % | bare: 20 ms ±10 % | 1.50 ±4 % | all of it |');
  });

  it('is written between its marks and leaves the text around them as it is', () => {
    const folder = mkdtempSync(join(tmpdir(), 'atlas-bench-'));
    const page = join(folder, 'page.md');
    writeFileSync(page, 'before\n<!-- measured: begin -->\nold\n<!-- measured: end -->\nafter\n');
    save(page, 'new');
    expect(readFileSync(page, 'utf8')).toBe(
      'before\n<!-- measured: begin -->\n\nnew\n\n<!-- measured: end -->\nafter\n',
    );
    writeFileSync(page, 'no marks');
    expect(() => save(page, 'new')).toThrow('lacks the marks');
    rmSync(folder, { recursive: true });
  });

  it('gets new lines of one row in place of the old ones, if both are from the same machine', () => {
    const folder = mkdtempSync(join(tmpdir(), 'atlas-bench-'));
    const page = join(folder, 'lines.md');
    const rows = ['| what | Atlas |', '|---|---|', '| a | 1 |', '| a | 2 |', '| b | 3 |'].join('\n');
    const text = `<!-- measured: begin -->\n\nMeasured 2026-01-01 on x.\n\n${rows}\n\n<!-- measured: end -->\n`;
    writeFileSync(page, text);
    const line = (what: string) => ({ what, ours: '9', peer: 'p', ratio: '1', note: '' });
    saveLines(page, 'Measured 2026-02-02 on x.', [line('a')]);
    saveLines(page, 'Measured 2026-02-02 on x.', [line('c')]);
    const found = readFileSync(page, 'utf8').match(/^(?:\| \w |Measured).*$/gm);
    expect(found).toEqual(['Measured 2026-01-01 on x.', '| a | 9 | p | 1 |  |', '| b | 3 |', '| c | 9 | p | 1 |  |']);
    expect(() => saveLines(page, 'Measured 2026-02-02 on y.', [line('a')])).toThrow('another machine');
    rmSync(folder, { recursive: true });
  });
});

/** Whether `atlas check` accepts a document: throws otherwise. */
function checked(document: object): void {
  const folder = mkdtempSync(join(tmpdir(), 'atlas-large-'));
  try {
    mkdirSync(join(folder, 'specs'));
    writeFileSync(join(folder, 'specs/api.json'), JSON.stringify(document));
    const config = join(folder, 'specs/atlas.config.yaml');
    writeFileSync(config, 'version: 1\nservices: { large: { openapi: api.json } }\n');
    timed([resolve('tools/atlas/bin/atlas.js'), 'check', '--config', config]);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe('the large API', () => {
  it('has a contract that Atlas accepts', () => {
    expect(() => checked(largeApi({ operations: 2, schemas: 20 }))).not.toThrow();
  });
});

describe('a document as GitHub writes it', () => {
  const id = { name: 'user-id', in: 'path', required: true, schema: { type: 'integer', format: 'int64' } };
  const other = { ...id, name: 'name', schema: { type: 'string' } };
  const schema = {
    type: 'object',
    nullable: true,
    properties: {
      one: { type: 'string', nullable: true, enum: ['a'] },
      two: { nullable: true, allOf: [{ type: 'string' }] },
      three: { nullable: true, oneOf: [{ type: 'string' }, { type: 'integer' }] },
    },
  };
  const fields = { name: 'fields', in: 'query', schema: { oneOf: [{ type: 'string' }, { type: 'array', items: {} }] } };
  const get = (name: string, parameters: readonly object[], type: string) => ({
    operationId: `users/get-${name}`,
    parameters,
    responses: {
      200: {
        description: 'ok',
        headers: { 'Content-Length': { schema: { type: 'string' } } },
        content: { 'text/html': { schema: { type: 'string' } }, [type]: { schema } },
      },
      400: { description: 'refused', content: { 'application/json': { schema: {} } } },
    },
  });
  const document = {
    openapi: '3.0.3',
    info: { title: 'Users', version: '1' },
    paths: {
      '/users/{user-id}': { get: get('by-id', [id, fields], 'application/json') },
      '/users/{name}': { get: get('by-name', [other], 'text/plain') },
      '/users/{user-id}...{name}': { get: get('both', [id, other], 'application/json') },
    },
  };

  it('is refused by Atlas', () => {
    expect(() => checked(document)).toThrow('OpenAPI "3.0.3" is not supported');
    expect(() => checked({ ...document, openapi: '3.1.0' })).toThrow('is not an identifier');
  });

  it('is accepted after the changes that the bench makes', () => {
    expect(() => checked(acceptedApi(document))).not.toThrow();
  });
});
