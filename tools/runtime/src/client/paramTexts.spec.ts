import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { OperationContract, ParamContract, ParamPrimitive } from '../contract/operation.ts';
import { paramsParser } from '../http/params/parseParams.ts';
import type { ParamValue } from '../http/params/value.ts';
import { requestOf } from './requestOf.ts';

const BASE = new URL('http://127.0.0.1/api');

/** What the plumbing of a service reads from the request that the client makes. */
function arrived(param: ParamContract, value: ParamValue): unknown {
  const path = param.in === 'path' ? '/v1/x{p}/end' : '/v1/end';
  const group = ({ path: 'params', query: 'query', header: 'headers' } as const)[param.in];
  const { name, in: where, style, explode } = param;
  const call = { method: 'GET', path, styles: [{ name, in: where, style, explode }] } as const;
  const { url, headers } = requestOf(call, BASE, { [group]: { [name]: value } }, undefined);
  const operation: OperationContract = {
    id: 'test',
    method: 'GET',
    url: path,
    path,
    security: [],
    params: [param],
    responses: {},
  };
  const target = url.href.slice(BASE.href.length);
  return paramsParser(operation)(target, Object.fromEntries(headers))[where][name];
}

/** Without NUL, which a service refuses, and without dot segments, which the client refuses. */
const text = fc.string({ unit: 'grapheme', minLength: 1 }).filter((value) => !/\0|^\.{1,2}$/.test(value));
/** For styles whose separators can't be escaped. */
const plain = text.filter((value) => !/[ |]/.test(value));
/** Here, headers have only ASCII, and no blanks at the ends of an item. */
const header = fc
  .string({ unit: 'grapheme-ascii', minLength: 1 })
  .filter((value) => !value.includes(',') && value.trim() === value);
const item: Readonly<Record<ParamPrimitive, fc.Arbitrary<string | number | boolean>>> = {
  string: text,
  integer: fc.maxSafeInteger(),
  number: fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => (Object.is(value, -0) ? 0 : value)),
  boolean: fc.boolean(),
};

const members = (of: fc.Arbitrary<string | number | boolean>) =>
  fc.record({ a: of, 'b&c': of }, { requiredKeys: ['a'], noNullPrototype: true });

describe('a service reads what the client was given', () => {
  const styles: readonly (readonly [ParamContract['in'], ParamContract['style'], boolean])[] = [
    ['path', 'simple', false],
    ['path', 'simple', true],
    ['path', 'label', false],
    ['path', 'label', true],
    ['path', 'matrix', false],
    ['path', 'matrix', true],
    ['query', 'form', false],
    ['query', 'form', true],
    ['query', 'spaceDelimited', false],
    ['query', 'pipeDelimited', false],
    ['query', 'deepObject', true],
    ['header', 'simple', false],
  ];

  it.each(styles)('in %s, style %s, explode %s', (where, style, explode) => {
    const param = (shape: ParamContract['shape']): ParamContract => ({
      name: 'p',
      in: where,
      required: true,
      style,
      explode,
      shape,
    });
    const texts = where === 'header' ? header : style.endsWith('Delimited') ? plain : text;
    const arrives = (shape: ParamContract['shape'], values: fc.Arbitrary<ParamValue>): void =>
      fc.assert(
        fc.property(values, (value) => {
          expect(arrived(param(shape), value)).toEqual(value);
        }),
      );
    for (const kind of ['string', 'integer', 'number', 'boolean'] as const) {
      const items = kind === 'string' ? texts : item[kind];
      arrives({ kind }, items);
      if (style !== 'deepObject')
        arrives({ kind: 'array', items: kind }, fc.array(items, { minLength: 1, maxLength: 4 }));
    }
    arrives({ kind: 'object', properties: { a: 'string', 'b&c': 'string' } }, members(texts));
  });
});

describe('the client refuses', () => {
  const call = { method: 'GET', path: '/v1/shows/{id}/seats' } as const;
  const request = (input: Parameters<typeof requestOf>[2], styles: readonly ParamContract[] = []) =>
    requestOf({ ...call, styles }, BASE, input, undefined);

  it.each([
    [{ params: { id: '..' } }, 'params must not make {id} empty, "." or ".."'],
    [{ params: { id: '.' } }, 'params must not make {id} empty, "." or ".."'],
    [{ params: { id: '' } }, 'params must not make {id} empty, "." or ".."'],
    [{ params: {} }, 'params.id is missing'],
    [{}, 'params.id is missing'],
    [{ params: { id: '\ud800' } }, 'params.id must not contain half of a surrogate pair'],
    [{ params: { id: '7' }, headers: { 'X-Desk': 'a\nb' } }, 'headers.X-Desk cannot be the value of a header'],
    [
      { params: { id: '7' }, headers: { 'X-Desk': ['a,b'] } },
      'headers.X-Desk must not have the separator in an item: "a,b"',
    ],
    [{ params: { id: '7' }, ifMatch: '"7"\n"8"' }, 'ifMatch cannot be the value of a header'],
  ])('%j', (input, message) => {
    expect(() => request(input)).toThrow(expect.objectContaining({ code: 'ATLAS_CLIENT_INPUT', message }));
  });

  it('a dot segment that a style makes', () => {
    const label: ParamContract = {
      name: 'id',
      in: 'path',
      required: true,
      style: 'label',
      explode: true,
      shape: { kind: 'string' },
    };
    expect(() => request({ params: { id: '.' } }, [label])).toThrow('params must not make {id} empty');
  });
});
