import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bootInMemory, type InMemoryCase } from './harness/inMemoryCase.ts';
import { caseRepository, type CaseRepository } from './harness/repository.ts';

let services: readonly InMemoryCase[] = [];
let desk: CaseRepository;
/** What `app/desk/main.ts` of the case got from the services, over HTTP. */
let answers: Readonly<Record<string, unknown>> = {};

beforeAll(async () => {
  desk = await caseRepository('bookings');
  services = await Promise.all([bootInMemory('bookings', 'tickets'), bootInMemory('bookings', 'venues')]);
  const urls = services.map(({ url }) => url);
  const { stdout } = await promisify(execFile)(process.execPath, ['app/desk/main.ts', ...urls], { cwd: desk.folder });
  answers = JSON.parse(stdout);
});
afterAll(async () => {
  await Promise.all(services.map((service) => service.stop()));
  await desk?.remove();
});

describe('the function of an operation', () => {
  it('gives status, version and headers of the answer', () => {
    expect(answers['booked']).toEqual({
      status: 201,
      etag: '"9007199254740993"',
      headers: { Location: expect.stringMatching(/^\/v1\/bookings\//) },
      location: true,
    });
    expect(answers['read']).toEqual({ status: 200, etag: '"9007199254740993"', isSame: true });
    expect(answers['cancelled']).toEqual({ status: 204 });
  });

  it('makes an Idempotency-Key for each call, unless one is given', () => {
    expect(answers).toMatchObject({ isNew: true, isRepeated: true });
  });

  it('sends the ETag of an earlier answer, and the media type of the body', () => {
    expect(answers['changed']).toEqual({ etag: '"9007199254740994"', note: 'Aisle.' });
  });

  it('gives problems of the operation and of the plumbing as answers', () => {
    expect(answers['soldOut']).toBe('sold-out');
    expect(answers['unknown']).toMatchObject({ status: 404, problem: { code: 'show-not-found' } });
    expect(answers['forbidden']).toMatchObject({ status: 403, problem: { code: 'forbidden-role', status: 403 } });
  });

  it('writes each parameter in its style, and reads headers by their types', () => {
    expect(answers['found']).toEqual({
      status: 200,
      body: {
        rows: ['A', 'B/C'],
        numbers: [3, 14],
        kinds: ['box', 'stall'],
        days: ['2031-01-31'],
        price: { from: 1.5, to: 20 },
        free: true,
        desks: [1, 2],
      },
      headers: { 'X-Found': 2, 'X-Cheapest': 1.5, 'X-Free': true },
    });
    expect(answers['listed']).toMatchObject({
      body: {
        nextCursor: JSON.stringify({
          query: { status: ['held', 'asked'], seat: [1, 2], limit: 20 },
          headers: { 'X-Desk': 'd' },
        }),
      },
    });
    expect(answers['near']).toMatchObject({ status: 200, body: [{ at: [52.5, -13.25] }] });
  });
});
