import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { JsonObject } from '@atlas/ir';
import { describe, expect, it } from 'vitest';
import { EXTENSION_PLACES } from '../check/rules/system/extensionUnknown.ts';
import { asyncapiSchema } from '../check/standards/asyncapiSchema.ts';
import { openapi31Schema } from '../check/standards/openapiSchema.ts';
import { keywordsOf } from '../jsonschema/keywords.ts';
import { LATER_KEYS } from '../read/asyncapi/later.ts';
import { avroRules } from './avro/rules/index.ts';
import { explainChange } from './changes.ts';
import { eventRules } from './events/rules/index.ts';
import { httpRules } from './http/rules/index.ts';
import { kebab } from './report/changeOf.ts';
import {
  ASYNCAPI_CLAIMS,
  AVRO_CLAIMS,
  CONFIGURATION_CLAIMS,
  OPENAPI_CLAIMS,
  SCHEMA_CLAIMS,
  type Claim,
} from './testing/claims.ts';
import { objectPlaces } from './testing/editPlaces.ts';

type Claims = Readonly<Record<string, Claim>>;

const ACTIONS = ['added', 'removed', 'changed'] as const;

function jsonFile(path: string | URL): JsonObject {
  const value: JsonObject = JSON.parse(readFileSync(path, 'utf8'));
  return value;
}

const openapi31 = openapi31Schema();
const openapi30 = jsonFile(
  createRequire(import.meta.url).resolve('@seriousme/openapi-schema-validator/schemas/v3.0/schema.json'),
);
const configuration = jsonFile(new URL('../load/atlas.config.schema.json', import.meta.url));

/** The keys of the toolkit in documents of a standard, from the table that refuses all others. */
function extensions(standard: keyof typeof EXTENSION_PLACES): readonly string[] {
  return Object.entries(EXTENSION_PLACES[standard]).flatMap(([key, objects]) =>
    objects.map((object) => `${object}.${key}`),
  );
}

/** Schemas are compared keyword by keyword, and have a space of their own. */
const SCHEMAS = /schema$|^schema_|Schema_|^reference|infoExtensions|specificationExtension|specification-extensions/i;

const AVRO_SCHEMA =
  'type name namespace aliases doc fields symbols default size items values logicalType precision scale'.split(' ');

const SPACES: readonly { readonly standard: string; readonly places: readonly string[]; readonly claims: Claims }[] = [
  {
    standard: 'OpenAPI 3.0 and 3.1',
    places: [
      ...objectPlaces(openapi31, openapi31['$defs'], SCHEMAS),
      ...objectPlaces(openapi30, openapi30['definitions'], SCHEMAS),
      ...extensions('openapi'),
    ],
    claims: OPENAPI_CLAIMS,
  },
  {
    standard: 'JSON Schema',
    places: (['2020-12', 'openapi-3.0', 'draft-07'] as const).flatMap((dialect) =>
      [...keywordsOf(dialect).keys()].map((keyword) => `keyword.${keyword}`),
    ),
    claims: SCHEMA_CLAIMS,
  },
  {
    standard: 'AsyncAPI 3.0 and 3.1',
    places: [
      ...(['3.0.0', '3.1.0'] as const).flatMap((version) => {
        const schema = asyncapiSchema(version);
        return objectPlaces(schema, schema['definitions'], SCHEMAS);
      }),
      ...extensions('asyncapi'),
      ...Object.entries(LATER_KEYS).flatMap(([kind, keys]) => keys.map((key) => `${kind}.${key}`)),
    ],
    claims: ASYNCAPI_CLAIMS,
  },
  {
    standard: 'the configuration',
    places: objectPlaces(configuration, configuration['$defs'], /^$/),
    claims: CONFIGURATION_CLAIMS,
  },
  {
    // The specification of Avro 1.12 has no meta-schema: these are the attributes of its section "Schema Declaration".
    standard: 'Avro',
    places: [
      ...AVRO_SCHEMA.map((key) => `schema.${key}`),
      ...['name', 'doc', 'type', 'default', 'order', 'aliases'].map((key) => `field.${key}`),
    ],
    claims: AVRO_CLAIMS,
  },
];

/** The name of the claim that covers an edit. */
function claimOf(place: string, action: string, claims: Claims): string | undefined {
  const [object = '', ...key] = place.split('.');
  const names = [`${place} ${action}`, place, `*.${key.join('.')}`, `${object}.*`];
  return names.find((name) => Object.hasOwn(claims, name));
}

function unclaimed(places: readonly string[], claims: Claims): readonly string[] {
  return places.flatMap((place) =>
    ACTIONS.filter((action) => claimOf(place, action, claims) === undefined).map((action) => `${place} ${action}`),
  );
}

function stale(places: readonly string[], claims: Claims): readonly string[] {
  const used = new Set(places.flatMap((place) => ACTIONS.map((action) => claimOf(place, action, claims))));
  return Object.keys(claims).filter((name) => !used.has(name));
}

describe('the space of edits', () => {
  it.each(SPACES)('of $standard is claimed in every place, for every action', ({ places, claims }) => {
    expect(places.length).toBeGreaterThan(15);
    expect(unclaimed(places, claims)).toEqual([]);
  });

  it.each(SPACES)('of $standard has no claim for a place that does not exist', ({ places, claims }) => {
    expect(stale(places, claims)).toEqual([]);
  });

  it('is covered by rules that exist, and every rule covers a place', () => {
    const named = SPACES.flatMap(({ claims }) =>
      Object.values(claims).flatMap((claim) => (typeof claim === 'object' && 'rules' in claim ? claim.rules : [])),
    );
    const known = [...httpRules, ...eventRules, ...avroRules].map(({ id }) => id);
    expect(named.filter((id) => !known.includes(id))).toEqual([]);
    expect(known.filter((id) => !named.includes(id))).toEqual([]);
  });

  it('has a change for each keyword that is claimed for containment', () => {
    const keywords = SPACES[1]?.places ?? [];
    const contained = keywords.filter((place) => {
      const name = claimOf(place, 'changed', SCHEMA_CLAIMS);
      return name !== undefined && SCHEMA_CLAIMS[name] === 'containment';
    });
    expect(contained.length).toBeGreaterThan(40);
    for (const place of contained)
      expect(explainChange(`${kebab(place.replace('keyword.', ''))}-narrowed`), place).toBeDefined();
  });

  it('shows a new key of a standard, and a claim that is left over', () => {
    expect(unclaimed(['operation.rateLimit'], OPENAPI_CLAIMS)).toEqual([
      'operation.rateLimit added',
      'operation.rateLimit removed',
      'operation.rateLimit changed',
    ]);
    expect(stale(['operation.tags'], { '*.tags': 'walk', 'operation.gone': 'walk' })).toEqual(['operation.gone']);
  });
});
