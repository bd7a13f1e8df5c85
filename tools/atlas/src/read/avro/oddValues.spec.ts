import { readFileSync } from 'node:fs';
import { exactInteger, isList, isObject, type JsonValue } from '@atlas/ir';
import { describe, expect, it } from 'vitest';
import { cursorOf } from '../../../test/avro/parsed.ts';
import { caseFolder } from '../../../test/harness/caseFolder.ts';
import { missingTypes } from '../../load/missingTypes.ts';
import { parseDocument } from '../../document/document.ts';
import { namedSchemasOf } from './names.ts';
import { parseAvroRecord } from './payloads.ts';

/** Copies of a value, each with `odd` in another place. */
function changed(value: JsonValue, odd: JsonValue): readonly JsonValue[] {
  if (isList(value))
    return [odd, ...value.flatMap((item, at) => changed(item, odd).map((copy) => value.with(at, copy)))];
  const members = isObject(value) ? Object.entries(value) : [];
  const inside = members.flatMap(([key, member = null]) =>
    changed(member, odd).map((copy) => ({ ...Object(value), [key]: copy })),
  );
  return [odd, ...inside];
}

describe('a schema with an odd value', () => {
  it.each([exactInteger('9223372036854775807'), { toString: 1 }])('gets a result wherever it has %j', async (odd) => {
    const whole: JsonValue = JSON.parse(readFileSync(`${caseFolder('avro-kinds')}/specs/avro/lab/Delete.avsc`, 'utf8'));
    const all = changed(whole, odd);
    expect(all.length).toBeGreaterThan(150);
    for (const schema of all) {
      const text = JSON.stringify(schema);
      const judge = async () => {
        parseAvroRecord(cursorOf(text), namedSchemasOf([cursorOf(text, 'avro/other.avsc')]));
        return missingTypes([parseDocument('avro/a.avsc', text).document], ['avro/other.avsc'], async () => text);
      };
      await expect(judge(), text).resolves.toBeDefined();
    }
  });
});
