import { describe, expect, it } from 'vitest';
import type { OperationContract, ParamContract } from '../../contract/operation.ts';
import { Refusal } from '../problem.ts';
import { paramsParser } from './parseParams.ts';

const shapes = {
  text: { kind: 'string' },
  count: { kind: 'integer' },
  ratio: { kind: 'number' },
  flag: { kind: 'boolean' },
  counts: { kind: 'array', items: 'integer' },
  texts: { kind: 'array', items: 'string' },
  at: { kind: 'object', properties: { lat: 'number', name: 'string' } },
} as const;

function parser(
  path: string,
  ...params: readonly (Partial<ParamContract> & Pick<ParamContract, 'name' | 'in' | 'shape'>)[]
) {
  const operation: OperationContract = {
    id: 'test',
    method: 'GET',
    url: path,
    path,
    security: [],
    params: params.map((param) => ({
      required: false,
      style: param.in === 'query' ? 'form' : 'simple',
      explode: param.in === 'query',
      ...param,
    })),
    responses: {},
  };
  return paramsParser(operation);
}

function pathOf(shape: ParamContract['shape'], style: ParamContract['style'], explode: boolean, segment: string) {
  return parser('/v1/{p}/end', { name: 'p', in: 'path', shape, style, explode })(`/v1/${segment}/end`, {}).path['p'];
}

function queryOf(shape: ParamContract['shape'], style: ParamContract['style'], explode: boolean, query: string) {
  return parser('/v1', { name: 'q', in: 'query', shape, style, explode })(`/v1?${query}`, {}).query['q'];
}

describe('a path parameter', () => {
  it.each([
    [shapes.text, 'simple', false, 'a%2Fb%20c', 'a/b c'],
    [shapes.count, 'simple', false, '42', 42],
    [shapes.count, 'simple', false, '042', '042'],
    [shapes.counts, 'simple', false, '3,4', [3, 4]],
    [shapes.texts, 'simple', false, 'a%2Cb,c', ['a,b', 'c']],
    [shapes.at, 'simple', false, 'lat,1.5,name,x', { lat: 1.5, name: 'x' }],
    [shapes.at, 'simple', true, 'lat=1.5,name=x%3Dy', { lat: 1.5, name: 'x=y' }],
    [shapes.count, 'label', false, '.5', 5],
    [shapes.counts, 'label', false, '.3,4', [3, 4]],
    [shapes.counts, 'label', true, '.3.4', [3, 4]],
    [shapes.at, 'label', true, '.lat=1.name=x', { lat: 1, name: 'x' }],
    [shapes.count, 'matrix', false, ';p=5', 5],
    [shapes.counts, 'matrix', false, ';p=3,4', [3, 4]],
    [shapes.counts, 'matrix', true, ';p=3;p=4', [3, 4]],
    [shapes.at, 'matrix', false, ';p=lat,1,name,x', { lat: 1, name: 'x' }],
    [shapes.at, 'matrix', true, ';lat=1;name=x', { lat: 1, name: 'x' }],
  ] as const)('%j in style %s, explode %s: %s', (shape, style, explode, segment, value) => {
    expect(pathOf(shape, style, explode, segment)).toEqual(value);
  });

  it.each([
    ['label', '5', 'must begin with "."'],
    ['matrix', 'p=5', 'must begin with ";"'],
    ['matrix', '', 'must begin with ";"'],
  ] as const)('in style %s is refused without the sign that it begins with: %j', (style, segment, detail) => {
    const errors = errorsOf(() => pathOf(shapes.text, style, false, segment));
    expect(errors).toEqual([{ pointer: '/path/p', detail }]);
  });

  it('can have text around it in its segment', () => {
    const parse = parser('/files/{name}.json', { name: 'name', in: 'path', shape: shapes.text });
    expect(parse('/files/a.b.json', {}).path).toEqual({ name: 'a.b' });
  });
});

describe('a query parameter', () => {
  it.each([
    [shapes.text, 'form', true, 'q=a+b%2B', 'a b+'],
    [shapes.text, 'form', true, 'q=', ''],
    [shapes.text, 'form', true, 'q', ''],
    [shapes.count, 'form', true, 'q=-7', -7],
    [shapes.count, 'form', true, 'q=1.5', '1.5'],
    [shapes.count, 'form', true, 'q=0x10', '0x10'],
    [shapes.count, 'form', true, 'q=', ''],
    [shapes.ratio, 'form', true, 'q=1e3', 1000],
    [shapes.ratio, 'form', true, 'q=Infinity', 'Infinity'],
    [shapes.flag, 'form', true, 'q=true', true],
    [shapes.flag, 'form', true, 'q=1', '1'],
    [shapes.counts, 'form', true, 'q=3&q=4', [3, 4]],
    [shapes.counts, 'form', false, 'q=3,4', [3, 4]],
    [shapes.texts, 'form', false, 'q=a%2Cb,c', ['a,b', 'c']],
    [shapes.texts, 'form', false, 'q=', []],
    [shapes.counts, 'spaceDelimited', false, 'q=3%204+5', [3, 4, 5]],
    [shapes.counts, 'pipeDelimited', false, 'q=3|4%7C5', [3, 4, 5]],
    [shapes.at, 'form', true, 'lat=1&name=x', { lat: 1, name: 'x' }],
    [shapes.at, 'form', false, 'q=lat,1,name,x', { lat: 1, name: 'x' }],
    [shapes.at, 'deepObject', true, 'q[lat]=1&q%5Bname%5D=x', { lat: 1, name: 'x' }],
  ] as const)('%j in style %s, explode %s: %s', (shape, style, explode, query, value) => {
    expect(queryOf(shape, style, explode, query)).toEqual(value);
  });

  it.each([
    ['q=1&r=2', '/query/r', 'is not a known parameter'],
    ['__proto__=1', '/query/__proto__', 'is not a known parameter'],
    ['q=1&q=2', '/query/q', 'is given more than once'],
    ['q=%zz', '/query/q', 'is not well percent-encoded'],
    ['%zz=1', '/query', 'has a name that is not well percent-encoded'],
  ])('%s is refused', (query, pointer, detail) => {
    expect(errorsOf(() => queryOf(shapes.text, 'form', true, query))).toEqual([{ pointer, detail }]);
  });

  it('is undefined if it is absent, and each request gets its own object for defaults', () => {
    const parse = parser('/v1', { name: 'q', in: 'query', shape: shapes.text });
    const [one, two] = [parse('/v1', {}).query, parse('/v1', {}).query];
    expect(one).toEqual({});
    expect(one).not.toBe(two);
    expect(Object.isFrozen(one)).toBe(false);
  });
});

describe('a header parameter', () => {
  it.each([
    [shapes.text, 'a%20b', 'a%20b'],
    [shapes.counts, '3, 4', [3, 4]],
    [{ kind: 'array', items: 'string' } as const, ' a \t,\tb c,\u00a0d\u00a0', ['a', 'b c', '\u00a0d\u00a0']],
    [shapes.at, 'lat,1,name,x', { lat: 1, name: 'x' }],
  ])('%j: %s', (shape, text, value) => {
    const parse = parser('/v1', { name: 'X-Desk', in: 'header', shape });
    expect(parse('/v1', { 'x-desk': text }).header).toEqual({ 'X-Desk': value });
    expect(parse('/v1', {}).header).toEqual({});
  });
});

function errorsOf(work: () => unknown) {
  try {
    work();
  } catch (error) {
    if (error instanceof Refusal) return error.problem.errors;
    throw error;
  }
  return undefined;
}
