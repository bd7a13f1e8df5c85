import { keywordsOf } from '../jsonschema/keywords.ts';
import { ENTRY_CHANGES } from './accepted/applyAccepted.ts';
import { avroRules } from './avro/rules/index.ts';
import { tableRules } from './db/rules/index.ts';
import type { Level } from './finding.ts';
import { eventRules } from './events/rules/index.ts';
import { httpRules } from './http/rules/index.ts';
import { kebab } from './report/changeOf.ts';

/** What `atlas explain` knows of a change. */
export interface ChangeInfo {
  readonly id: string;
  readonly level: Level;
  /** What it is, and why that hurts. */
  readonly purpose: string;
}

export const LEVELS: Readonly<Record<Level, string>> = {
  wire: 'a running peer fails',
  source: 'code that is generated again does not compile',
  policy: 'the file of accepted breaks is out of date',
};

/** Changes of schemas whose id does not come from a keyword. */
const OF_SCHEMAS: Readonly<Record<string, string>> = {
  'property-became-required': 'A property that could be missing is required, so the server refuses what clients send.',
  'required-property-added': 'A new property is required, so the server refuses what old clients send.',
  'property-became-optional': 'A property that was always there may be missing, so a client that reads it fails.',
  'property-removed': 'A property that was always there is gone, so a client that reads it fails.',
  'property-refused': 'The server refuses a property that it accepted.',
  'property-added': 'A property is sent that the old schema forbids.',
  'enum-value-removed': 'The server refuses a value that it accepted.',
  'enum-value-added': 'A value is sent that old clients do not know.',
  'variant-narrowed': 'No variant of anyOf or oneOf accepts a value that one accepted.',
  'variant-widened': 'A value is sent that no variant of the old anyOf or oneOf accepts.',
  'schema-unproven':
    'A schema changed, and Atlas can neither prove that it is compatible nor find a value that breaks it. The finding has the reason.',
};

/** Changes of tables that come from no rule. */
const OF_TABLES: Readonly<Record<string, string>> = {
  'migrations-unproven':
    'The migrations of the release before fail in the database that Atlas starts, so nothing could be tried.',
};

/** Keywords of schemas; `schema` is for a refusal without one. */
const KEYWORDS: readonly string[] = [
  'schema',
  ...new Set((['2020-12', 'openapi-3.0', 'draft-07'] as const).flatMap((dialect) => [...keywordsOf(dialect).keys()])),
];

/** Every change that a finding can have. */
export const allChanges: readonly ChangeInfo[] = [
  ...httpRules,
  ...tableRules,
  ...Object.entries(OF_TABLES).map(([id, purpose]) => ({ id, purpose, level: 'wire' as const })),
  ...eventRules,
  ...avroRules,
  ...Object.entries(OF_SCHEMAS).map(([id, purpose]) => ({ id, purpose, level: 'wire' as const })),
  ...Object.entries(ENTRY_CHANGES).map(([id, purpose]) => ({ id, purpose, level: 'policy' as const })),
  ...KEYWORDS.flatMap((keyword) => [
    {
      id: `${kebab(keyword)}-narrowed`,
      level: 'wire' as const,
      purpose: `With ${keyword}, the server refuses values that it accepted.`,
    },
    {
      id: `${kebab(keyword)}-widened`,
      level: 'wire' as const,
      purpose: `With ${keyword}, values are sent that the old schema refuses.`,
    },
  ]),
].map(({ id, level, purpose }) => ({ id, level, purpose }));

const byId: ReadonlyMap<string, ChangeInfo> = new Map(allChanges.map((change) => [change.id, change]));

/** What a change means; undefined if there is no such change. */
export function explainChange(id: string): ChangeInfo | undefined {
  return byId.get(id);
}
