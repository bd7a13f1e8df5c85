import { findWord } from '../regex/words.ts';
import { automatonOf } from '../../jsonschema/pattern/automaton.ts';
import type { Catalog, Column, Table } from './catalog.ts';

/** States that the automaton of a CHECK's pattern may have. */
const STATES = 10_000;
/** Values that are tried for one column. */
const MOST = 40;

const BY_TYPE: readonly (readonly [type: RegExp, values: readonly string[]])[] = [
  [/^uuid$/, ["'00000000-0000-4000-8000-000000000001'", "'00000000-0000-4000-8000-000000000002'"]],
  [/^(?:text|character|bpchar|name|citext)/, ["'a'", "'b'", "''"]],
  [/^smallint$/, ['1', '0', '2', '-1', '32767']],
  [/^integer$/, ['1', '0', '2', '-1', '32768', '2147483647']],
  [/^bigint$/, ['1', '0', '2', '-1', '32768', '2147483648']],
  [/^(?:numeric|real|double)/, ['1', '0', '2', '-1', '1.5', '12345.678']],
  [/^boolean$/, ['true', 'false']],
  [/^timestamp/, ["'2030-01-01T00:00:00Z'", "'2031-01-01T00:00:00Z'"]],
  [/^date$/, ["'2030-01-01'", "'2031-01-01'"]],
  [/^time/, ["'00:00'", "'12:00'"]],
  [/^interval$/, ["'1 day'", "'2 days'"]],
  [/^bytea$/, ["'\\x00'", "'\\x01'", "''"]],
  [/^jsonb?$/, ["'{}'", "'[]'", "'1'"]],
  [/^inet$/, ["'192.0.2.1'", "'192.0.2.2'"]],
];

/**
 * Values to try for a column, as SQL: usual ones of its type, and those that the constraints of the table and the texts
 * of the new migrations suggest, because the values next to a bound are those that break.
 */
export function poolOf(
  column: Column,
  { constraints }: Table,
  { labels, domains }: Pick<Catalog, 'labels' | 'domains'>,
  migrations: readonly string[],
): readonly string[] {
  const { base } = column;
  const ofEnum = [...labels.values()].filter(({ type }) => type === base).map(({ label }) => literal(label));
  if (ofEnum.length > 0) return ended(column, ofEnum);
  if (base.endsWith('[]')) return ended(column, ["'{}'"]);
  const usual = BY_TYPE.find(([type]) => type.test(base))?.[1] ?? [];
  const domain = [...domains.values()].find(({ name }) => name === column.type);
  const own = [
    ...[...constraints.values()].filter(({ columns }) => columns.includes(column.id)),
    ...(domain?.constraints.values() ?? []),
  ].map(({ text }) => text);
  const texts = /^(?:text|character|bpchar|citext)/.test(base);
  const numbers = /^(?:smallint|integer|bigint|numeric|real|double)/.test(base);
  const about = migrations.filter((text) => text.includes(column.name) || (domain && text.includes(domain.name)));
  const suggested = [...own, ...about].flatMap((text) => [
    ...(texts ? wordsIn(text) : []),
    ...(numbers ? boundsIn(text) : []),
  ]);
  return ended(column, [...usual, ...suggested]);
}

function ended({ required }: Column, values: readonly string[]): readonly string[] {
  return [...new Set([...values.slice(0, MOST), ...(required ? [] : ['NULL'])])];
}

/** Texts in quotes, two words of each pattern, and texts that are one letter too long. */
function wordsIn(sql: string): readonly string[] {
  const quoted = [...sql.matchAll(/(~\*?\s*)?'((?:[^']|'')*)'/g)].flatMap(([, operator, text = '']) => {
    const plain = text.replaceAll("''", "'");
    return operator === undefined ? [plain] : wordsOf(plain);
  });
  const lengths = [...sql.matchAll(/(?:char(?:acter)?(?:\s+varying)?\s*\(|length\([^)]*\)[^\d']{0,12})(\d{1,4})\b/gi)];
  const long = lengths
    .flatMap(([, length]) => [Number(length), Number(length) + 1])
    .map((length) => 'x'.repeat(length));
  return [...quoted, ...long].map(literal);
}

/** Two words, because a key needs another value in a second row. */
function wordsOf(pattern: string): readonly string[] {
  const compiled = automatonOf(pattern, STATES);
  if (!('dfa' in compiled)) return [];
  const found = new Set<string>();
  for (let count = 0; count < 2; count++) {
    const excluded = new Set(found);
    const answer = findWord({ within: [compiled.dfa], outside: [], min: 0, max: 1_000, excluded }, STATES);
    if (answer.kind === 'word') found.add(answer.word);
  }
  return [...found];
}

/** Numbers, and their neighbours. */
function boundsIn(sql: string): readonly string[] {
  return [...sql.matchAll(/-?\b\d{1,18}\b/g)].flatMap(([text]) => {
    const bound = BigInt(text);
    return [bound, bound - 1n, bound + 1n].map(String);
  });
}

export function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
