import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { comparedLimits, limits } from './limits.ts';

const repository = fileURLToPath(new URL('../../../../', import.meta.url));

interface Row {
  readonly what: string;
  readonly values: readonly number[];
  readonly file: string;
}

/** The rows of all tables. `the same file` means that of the row above. */
const rows: Row[] = [];
for (const line of readFileSync(`${repository}docs/reference/limits.md`, 'utf8').split('\n')) {
  const [, what = '', value = '', , raise] = line.split('|').map((cell) => cell.trim());
  if (raise === undefined || !/^\d/.test(value)) continue;
  const file = /`(tools\/\S+\.ts)`/.exec(raise)?.[1] ?? rows.at(-1)?.file ?? '';
  rows.push({ what, values: (value.match(/\d+/g) ?? []).map(Number), file });
}

/** A number in code, or a product of numbers. */
const NUMBER = String.raw`\d[\d_]*(?:\.\d+)?(?: \*{1,2} \d[\d_]*)*`;

/** The value of such a product. */
function valueOf(expression: string): number {
  return expression
    .replaceAll('_', '')
    .split(' * ')
    .reduce((product, factor) => {
      const [base = '', exponent = '1'] = factor.split(' ** ');
      return product * Number(base) ** Number(exponent);
    }, 1);
}

function sourceOf(file: string): string {
  return readFileSync(`${repository}${file}`, 'utf8');
}

/** Numbers that have a name, or that a value is compared with. */
function numbersIn(file: string): ReadonlySet<number> {
  const found = sourceOf(file).matchAll(new RegExp(String.raw`(?:[:=]|[<>]=?) (${NUMBER})(?=[;,) ]|$)`, 'gm'));
  return new Set([...found].map(([, expression = '']) => valueOf(expression)));
}

/** Constants whose name says that they are a limit. */
function limitsIn(file: string): readonly (readonly [name: string, value: number])[] {
  const constant = String.raw`const (\w*(?:MAX|MOST|LONGEST|DEEPEST|LIMIT)[A-Z_]*) = (${NUMBER});`;
  return [...sourceOf(file).matchAll(new RegExp(constant, 'g'))].map(([, name = '', expression = '']) => [
    name,
    valueOf(expression),
  ]);
}

/** Limits that no user meets: what a process keeps, how long it waits, what it prints. */
const INTERNAL: readonly string[] = [
  'tools/atlas/src/emit/format.ts',
  'tools/atlas/src/jsonschema/pattern/automaton.ts',
  'tools/runtime/src/adapters/ajv/matcher.ts',
  'tools/runtime/src/adapters/kafkajs/group.ts',
  'tools/runtime/src/adapters/pino/pinoLog.ts',
  'tools/runtime/src/avro/codec.ts',
  'tools/runtime/src/avro/reader.ts',
  'tools/runtime/src/avro/writer.ts',
  'tools/runtime/src/http/exactJson.ts',
  'tools/runtime/src/inbox/decoders.ts',
  'tools/runtime/src/inbox/delivery.ts',
  'tools/runtime/src/inbox/parking/driver.ts',
  'tools/runtime/src/inbox/sequences.ts',
  'tools/runtime/src/inbox/step.ts',
  'tools/runtime/src/inbox/subscriber.ts',
  'tools/runtime/src/inbox/unknownSchemas.ts',
  'tools/runtime/src/outbox/relay/outgoing.ts',
];

/** `atlas breaking` has limits of searching, not of reading. A finding says what it could not decide. */
const SEARCHES = /\/breaking\//;

const files = ['atlas', 'runtime', 'ir']
  .flatMap((name) => globSync(`tools/${name}/src/**/*.ts`, { cwd: repository }))
  .filter((file) => !file.endsWith('.spec.ts') && !SEARCHES.test(file))
  .toSorted();

describe('the page of limits', () => {
  it('has every limit of reading', () => {
    const found = rows.flatMap(({ what, values: [value] }) => {
      const name = /\(`([\w.]+)`\)/.exec(what)?.[1];
      return name === undefined || name.startsWith('ATLAS') ? [] : [[name, value]];
    });
    const ofCompared = Object.entries(comparedLimits).map(([name, value]) => [`comparedLimits.${name}`, value]);
    expect(Object.fromEntries(found)).toEqual({ ...limits, ...Object.fromEntries(ofCompared) });
  });

  it.each(rows.filter(({ file }) => !file.endsWith('document/limits.ts')))(
    'gives the number that $file has: $what',
    ({ values, file }) => {
      const known = numbersIn(file);
      expect(values.filter((value) => !known.has(value))).toEqual([]);
    },
  );

  it('has every constant of the toolkit and of the runtime that is a limit', () => {
    const told = new Set(rows.flatMap(({ values, file }) => values.map((value) => `${file} ${value}`)));
    const missing = files
      .filter((file) => !INTERNAL.includes(file))
      .flatMap((file) => limitsIn(file).map(([name, value]) => ({ file, name, value })))
      .filter(({ file, value }) => !told.has(`${file} ${value}`));
    expect(missing).toEqual([]);
  });

  it('excludes only files that have a limit', () => {
    expect(INTERNAL.filter((file) => !files.includes(file) || limitsIn(file).length === 0)).toEqual([]);
  });
});
