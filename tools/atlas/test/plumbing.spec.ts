import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { EVENT_HEADERS, PLUMBING_HEADERS, PLUMBING_PROBLEMS, REFERENCE_PATHS, TEXT_MEDIA_TYPES } from '@atlas/ir';
import { describe, expect, it } from 'vitest';
import { REFERENCE_PATHS as SERVED } from '../../runtime/src/adapters/fastify/reference.ts';
import { REQUEST_HEADER, RESPONSE_HEADER } from '../../runtime/src/http/headerNames.ts';
import { PLUMBING_PROBLEMS as ANSWERED } from '../../runtime/src/http/plumbingProblems.ts';
import { TEXT_MEDIA_TYPES as SENT } from '../../runtime/src/http/textMediaTypes.ts';
import { headersOf } from '../../runtime/src/record/headers.ts';
import { toolkit } from './harness/repository.ts';

/** The runtime's sources by path, without tests. */
const sources: ReadonlyMap<string, string> = new Map(
  readdirSync(join(toolkit, 'tools/runtime/src'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.spec.ts'))
    .map((file) => [file, readFileSync(join(toolkit, 'tools/runtime/src', file), 'utf8')]),
);

describe('the toolkit', () => {
  it('knows the problems that the runtime answers with, their statuses and headers', () => {
    const known = [...PLUMBING_PROBLEMS].map(([code, { on: _on, ...problem }]) => [code, problem]);
    expect(Object.fromEntries(known)).toEqual(ANSWERED);
  });

  it('knows the header fields that the runtime reads and writes', () => {
    expect([...PLUMBING_HEADERS.request].toSorted()).toEqual(Object.values(REQUEST_HEADER).toSorted());
    expect([...PLUMBING_HEADERS.response].toSorted()).toEqual(Object.values(RESPONSE_HEADER).toSorted());
  });

  it('knows the media types of text that the runtime sends', () => {
    expect(TEXT_MEDIA_TYPES).toEqual(Object.keys(SENT));
  });

  it('knows the headers of records that the runtime writes', () => {
    const envelope = {
      id: '1',
      source: 'bookings',
      type: 'acme.bookings.BookingMade',
      time: new Date(0),
      correlationId: '2',
      causationId: '3',
      sequence: 4n,
      actorId: '5',
      traceparent: '6',
    };
    expect(Object.keys(headersOf(envelope)).toSorted()).toEqual([...EVENT_HEADERS].toSorted());
  });

  it('knows the paths of the reference', () => {
    expect(REFERENCE_PATHS).toEqual(SERVED);
  });
});

describe('the runtime', () => {
  it('answers with each problem of its list', () => {
    const text = [...sources].flatMap(([file, source]) => (file === 'http/plumbingProblems.ts' ? [] : source)).join();
    expect(Object.keys(ANSWERED).filter((code) => !text.includes(`code: '${code}'`))).toEqual([]);
  });

  it('answers with no other problem, except those of handlers', () => {
    const makers = [...sources].flatMap(([file, source]) => (/\bproblemReply\(/.test(source) ? file : []));
    // `problemReply` accepts any code: problem.ts defines it, and answer.ts calls it with what a handler returned
    expect(makers.toSorted()).toEqual(['http/answer.ts', 'http/problem.ts']);
  });
});
