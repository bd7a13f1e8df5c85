import type { JsonObject, JsonValue } from '@atlas/ir';
import type { Parameter } from './api.ts';
import { percentEncoded, textOf, withoutBlanks } from './parameterText.ts';

/*
 * Which texts reach the other side as they were written. URLs and cookies are percent-encoded, so all Unicode text
 * does, except what URLs themselves drop. Headers are not encoded: RFC 9110, section 5.5.
 */

/** Names that can be sent. Servers accept more names of cookies than RFC 6265 allows. */
const NAMES: Readonly<Record<string, RegExp>> = {
  header: /^[\w!#$%&'*+.^`|~-]+$/,
  cookie: /^[!-:<>-~][ -:<>-~]*$/,
};

/** Visible characters of a header, and bytes of other encodings. */
const VISIBLE = String.raw`!-~\u0080-\u00ff`;
const VISIBLE_NO_COMMA = String.raw`!-+\--~\u0080-\u00ff`;
const VISIBLE_NO_EQUALS = String.raw`!-+\--<>-~\u0080-\u00ff`;

/** Blanks around a text are not part of it. */
const trimmed = (visible: string): string => `^(?:[${visible}](?:[\\t ${visible}]*[${visible}])?)?$`;

const FIELD = new RegExp(String.raw`^[\t ${VISIBLE}]*$`);

/** The text of a header as its reader gets it: without blanks around it. Undefined if HTTP can't carry it. */
export function arrivedField(text: string): string | undefined {
  return FIELD.test(text) ? withoutBlanks(text) : undefined;
}

/** UTF-8 has no halves of surrogate pairs. */
const HALVES = String.raw`\ud800-\udfff`;

/** Texts that a URL can have, except some characters. */
const urlText = (except = ''): string => `^[^${except}${HALVES}]*$`;

/**
 * A JSON Schema (2020-12) of the values of a parameter, or of a header of a response, whose text reaches the other side
 * as it was written. `path` is the template of the operation.
 */
export function sendable(parameter: Parameter, path = ''): JsonValue {
  const { name, in: where, explode, isJson } = parameter;
  if (NAMES[where]?.test(name) === false) return false;
  // JSON can escape what a text can't have
  if (isJson) return true;
  if (where === 'header') {
    const item = trimmed(VISIBLE_NO_COMMA);
    return valuesOf(trimmed(VISIBLE), { pattern: item }, explode ? trimmed(VISIBLE_NO_EQUALS) : item);
  }
  const part = urlText(separatorOf(parameter));
  const items = parameter.style === 'label' && explode ? { pattern: part, ...NO_FRACTION } : { pattern: part };
  const values = valuesOf(urlText(), items, part);
  const dropped = where === 'path' ? droppedBy(parameter, path) : [];
  return dropped.length > 0 ? { ...values, not: { enum: dropped } } : values;
}

/** A JSON Schema (2020-12) of the values whose text all servers read alike. */
export function readAlike({ in: where, isJson }: Parameter): JsonValue {
  if (isJson) return true;
  const emptyToo = { not: { enum: [[], ['']] }, minProperties: 1 };
  // empty items of a header may be ignored (RFC 9110, section 5.6.1.2), and what other bytes mean is not said (5.5)
  return where === 'header' ? { ...emptyToo, contains: { not: { const: '' } }, pattern: '^[ -~]*$' } : emptyToo;
}

function valuesOf(pattern: string, items: JsonObject, names: string): JsonObject {
  return { pattern, items, additionalProperties: items, propertyNames: { pattern: names } };
}

/** A point separates the items of an exploded label. */
const NO_FRACTION: JsonObject = { type: ['integer', 'string', 'boolean', 'null', 'array', 'object'] };

/** The separator of a style that an item can't escape, because its escaped form separates too, or it has none. */
function separatorOf({ style, explode }: Parameter): string {
  if (style === 'label') return explode ? '.' : '';
  if (explode) return '';
  return { spaceDelimited: ' ', pipeDelimited: '|' }[style] ?? '';
}

/**
 * Values with an empty text, which many servers do not match, and values with which a whole segment of the path would
 * be a point or two, because clients remove it before they send it (RFC 3986, section 5.2.4).
 */
function droppedBy(parameter: Parameter, path: string): readonly JsonValue[] {
  const place = `{${parameter.name}}`;
  const segment = path.split('/').find((part) => part.includes(place)) ?? place;
  const [before = '', after = ''] = segment.split(place);
  return SHORTEST.filter((value) => {
    const text = textOf(parameter, value, percentEncoded);
    return text === '' || /^\.\.?$/.test(before + text + after);
  });
}

/** All values whose text may be so short. */
const SHORTEST: readonly JsonValue[] = ['', '.', '..', [], [''], ['.'], ['..'], ['', ''], {}];
