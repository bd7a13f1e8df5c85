import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { caseFolder } from '../../test/harness/caseFolder.ts';
import { placesOf } from '../../test/support/standardPlaces.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { load } from '../load/load.ts';
import { asyncapiChildKind } from '../read/asyncapi/asyncapiKinds.ts';
import { readSpecs } from '../read/specs.ts';
import { check } from './check.ts';
import { asyncapiSchema } from './standards/asyncapiSchema.ts';

const page = readFileSync(new URL('../../../../docs/reference/asyncapi.md', import.meta.url), 'utf8');

interface Row {
  readonly place: string;
  readonly what: string;
  readonly codes: readonly string[];
}

/** One entry per field: `server.protocol`. */
const rows: readonly Row[] = page.split('\n').flatMap((line) => {
  const [, object = '', fields = '', what = '', how = ''] = line.split('|').map((cell) => cell.trim());
  if (!['done', 'finding', 'annotation'].includes(what)) return [];
  const codes = how.match(/ATL\d{4}/g) ?? [];
  return [...fields.matchAll(/`(\w+)`/g)].map(([, field = '']) => ({ place: `${object}.${field}`, what, codes }));
});

/** Schemas, references, the bindings of other protocols and of older versions, and the kinds of security. */
const NOT_OBJECTS =
  /schema$|schema_|reference|infoExtensions|BindingsObject|0\.[34]\.0|.SecurityScheme|oauth2|openId|apiKey|ncryption|X509|userPassword/i;

/** Definitions of the standard that have another name on the page. */
const OBJECTS: Readonly<Record<string, string>> = {
  messageObject: 'message',
  operationReply: 'reply',
  operationReplyAddress: 'replyAddress',
  SecurityScheme: 'securityScheme',
};

function objectOf(definition: string): string {
  const binding = /^bindings-kafka-.*-(\w+)$/.exec(definition)?.[1];
  return binding === undefined ? (OBJECTS[definition] ?? definition) : `Kafka ${binding} binding`;
}

/** The fields that a pointer goes through: `/servers/m/protocol` is in `document.servers` and `server.protocol`. */
function placesAlong(pointer: string): readonly string[] {
  const places: string[] = [];
  let kind = 'document';
  for (const token of pointer.split('/').slice(1)) {
    if (!kind.endsWith('*')) places.push(`${kind}.${token}`);
    const bindings = /^(\w+)Bindings$/.exec(kind)?.[1];
    kind =
      bindings !== undefined && token === 'kafka'
        ? `Kafka ${bindings} binding`
        : asyncapiChildKind(kind, /^\d+$/.test(token) ? Number(token) : token);
  }
  return places;
}

const CASES = ['bad-without-effect', 'bad-asyncapi-unsupported', 'bad-kafka-binding', 'bad-kafka-partitions'] as const;

async function found(name: string): Promise<readonly Diagnostic[]> {
  const { workspace } = await load(`${caseFolder(name)}/specs/atlas.config.yaml`);
  return workspace ? check(readSpecs(workspace)) : [];
}

const findings = (await Promise.all(CASES.map(found))).flat();

describe('the page of AsyncAPI', () => {
  it('has every field of the standard and of the Kafka bindings once, and no other', () => {
    const places = (['3.0.0', '3.1.0'] as const).flatMap((version) => {
      const schema = asyncapiSchema(version);
      return placesOf(schema, schema['definitions'], NOT_OBJECTS).map(([name, key]) => `${objectOf(name)}.${key}`);
    });
    expect(rows.map(({ place }) => place).toSorted()).toEqual([...new Set(places)].toSorted());
  });

  it.each(rows.filter(({ what }) => what === 'finding'))(
    'says about $place what the rules find',
    ({ place, codes }) => {
      const there = findings.filter(({ loc }) => placesAlong(loc.pointer).includes(place));
      expect(codes).not.toEqual([]);
      expect([...new Set(there.map(({ code }) => code))]).toEqual(expect.arrayContaining([...codes]));
    },
  );

  it('says that a field gives a finding if a rule finds that it has no effect', () => {
    const listed = new Set(rows.filter(({ what }) => what === 'finding').map(({ place }) => place));
    const others = findings.filter(
      ({ code, loc }) =>
        ['ATL3021', 'ATL3023'].includes(code) && !placesAlong(loc.pointer).some((place) => listed.has(place)),
    );
    expect(others).toEqual([]);
  });
});
