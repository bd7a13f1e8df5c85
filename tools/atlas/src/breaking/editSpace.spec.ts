import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { JsonObject } from '@atlas/ir';
import { describe, expect, it } from 'vitest';
import { placesOf } from '../../test/support/standardPlaces.ts';
import { asyncapiSchema } from '../check/standards/asyncapiSchema.ts';
import { openapi31Schema } from '../check/standards/openapiSchema.ts';
import { keywordsOf } from '../jsonschema/keywords.ts';
import { avroRules } from './avro/rules/index.ts';
import { explainChange } from './changes.ts';
import { eventRules } from './events/rules/index.ts';
import { httpRules } from './http/rules/index.ts';
import { kebab } from './report/changeOf.ts';
import { ASYNCAPI_CLAIMS, AVRO_CLAIMS, OPENAPI_CLAIMS, SCHEMA_CLAIMS, type Claim } from './testing/claims.ts';

type Claims = Readonly<Record<string, Claim>>;

const ACTIONS = ['added', 'removed', 'changed'] as const;

/** The places of a meta-schema by the names of claims. Schemas have claims by keyword. */
function claimed(...given: Parameters<typeof placesOf>): readonly string[] {
  return placesOf(...given).map(([object, key]) => `${objectName(object)}.${key}`);
}

/** `PathItem` of OpenAPI 3.0 is `path-item` of 3.1. */
function objectName(definition: string): string {
  const plain = definition.replaceAll(/(?<=[A-Z])[A-Z]+(?=[A-Z][a-z]|$)/g, (letters) => letters.toLowerCase());
  return kebab(plain).replace(/^-/, '');
}

const openapi31 = openapi31Schema();
const openapi30: JsonObject = JSON.parse(
  readFileSync(
    createRequire(import.meta.url).resolve('@seriousme/openapi-schema-validator/schemas/v3.0/schema.json'),
    'utf8',
  ),
);

/** Of AsyncAPI: its schemas, the bindings of other protocols, which are refused, and the kinds of security. */
const NOT_OBJECTS =
  /schema|reference|vendor|infoExtensions|specificationExtension|bindings|^(?:http|ws|amqp|mqtt|kafka|nats|jms|sns|sqs|stomp|redis|ibmmq|solace|googlepubsub|pulsar|anypointmq|ros2)|security|sasl|oauth2|openid|apikey|bearer|encryption|x509|userpassword/i;

const AVRO_SCHEMA =
  'type name namespace aliases doc fields symbols default size items values logicalType precision scale'.split(' ');

const SPACES: readonly { readonly standard: string; readonly places: readonly string[]; readonly claims: Claims }[] = [
  {
    standard: 'OpenAPI 3.0 and 3.1',
    places: [
      ...claimed(openapi31, openapi31['$defs'], /^(?:schema|reference)$/),
      ...claimed(openapi30, openapi30['definitions'], /^(?:Schema|Reference)$/),
      ...['emits', 'body-limit', 'timeout', 'cache', 'sunset'].map((name) => `extension.x-atlas-${name}`),
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
        return claimed(schema, schema['definitions'], NOT_OBJECTS);
      }),
      ...['key', 'emits', 'retry', 'batch', 'foreign', 'timers', 'effects'].map((name) => `extension.x-atlas-${name}`),
      'configuration.dlq',
    ],
    claims: ASYNCAPI_CLAIMS,
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

/** The name of the claim that answers for an edit. */
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

  it('is answered by rules that exist, and every rule answers for a place', () => {
    const named = SPACES.flatMap(({ claims }) =>
      Object.values(claims).flatMap((claim) => (typeof claim === 'object' && 'rules' in claim ? claim.rules : [])),
    );
    const known = [...httpRules, ...eventRules, ...avroRules].map(({ id }) => id);
    expect(named.filter((id) => !known.includes(id))).toEqual([]);
    expect(known.filter((id) => !named.includes(id))).toEqual([]);
  });

  it('is contained where it says so: each keyword has a change of its own', () => {
    const keywords = SPACES[1]?.places ?? [];
    const contained = keywords.filter((place) => {
      const name = claimOf(place, 'changed', SCHEMA_CLAIMS);
      return name !== undefined && SCHEMA_CLAIMS[name] === 'containment';
    });
    expect(contained.length).toBeGreaterThan(40);
    for (const place of contained)
      expect(explainChange(`${kebab(place.replace('keyword.', ''))}-narrowed`), place).toBeDefined();
  });

  it('finds a new key of a standard, and a claim that is left over', () => {
    expect(unclaimed(['operation.rateLimit'], OPENAPI_CLAIMS)).toEqual([
      'operation.rateLimit added',
      'operation.rateLimit removed',
      'operation.rateLimit changed',
    ]);
    expect(stale(['operation.tags'], { '*.tags': 'walk', 'operation.gone': 'walk' })).toEqual(['operation.gone']);
  });
});
