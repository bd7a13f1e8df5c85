import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isRecord, type JsonObject } from '@atlas/ir';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Acceptance } from '../src/breaking/http/accepts.ts';
import { apiOf, type Alternative } from '../src/breaking/http/api.ts';
import { compareHttp } from '../src/breaking/http/compareHttp.ts';
import { credentialOf } from '../src/breaking/http/credentials.ts';
import type { RequestValue } from '../src/breaking/http/exchange.ts';
import { Samples } from '../src/breaking/http/samples.ts';
import { anyApi, editedApi } from '../src/breaking/testing/apiEdits.ts';
import { dice } from '../src/breaking/testing/dice.ts';
import { memoryVersion } from '../src/breaking/testing/memoryVersion.ts';
import { isRequest, Peer } from '../src/breaking/testing/peers.ts';
import { generatedServices, type CaseAnswers, type CaseRequest } from './harness/generatedCases.ts';
import { hasEmptyList, isSendable, randomRequest } from './harness/randomRequests.ts';
import { randomRoutes, ROLES, SCHEME } from './harness/randomRoutes.ts';

/** Documents of each test. `RUNS` and `SEED` ask for others. */
const DOCUMENTS = Number(process.env['RUNS'] ?? 24);
const seed = Number(process.env['SEED'] ?? 21);
/** Requests of each operation. */
const REQUESTS = 30;

/** Edited versions of a document, of which the first is taken that breaks. */
const MOST_VERSIONS = 9;

/**
 * Edits of what clients send. Those of responses and of what generated code does not have would only be passed over,
 * and routes do not look for readOnly in a parameter.
 */
const ofRequests = new Map(
  [...anyApi].filter(([name]) => !/respon|status|header|credential|scheme|server|media|readOnly/.test(name)),
);

let specs: string;
beforeAll(async () => {
  specs = await mkdtemp(join(tmpdir(), 'atlas-random-routes-'));
});
afterAll(() => rm(specs, { recursive: true, force: true }));

interface Asked {
  readonly name: string;
  readonly document: JsonObject;
  readonly requests: readonly RequestValue[];
  /** Those of the client of each request. Without it, a client has all. */
  readonly roles?: readonly (readonly string[])[];
}

/** What the generated routes of each document answer. A document that Atlas refuses has no answers. */
async function answersOf(asked: readonly Asked[]): Promise<readonly CaseAnswers[]> {
  const configs = new Map<string, string>();
  for (const { name, document } of asked) configs.set(name, await written(name, document));
  const generated = await generatedServices(configs);
  try {
    return await generated.ask(
      asked.map(({ name, requests, roles }) => ({
        name,
        requests: requests.map((request, index) => ({
          ...caseRequest(request),
          ...(roles?.[index] ? { roles: roles[index] } : {}),
        })),
      })),
    );
  } finally {
    await generated.remove();
  }
}

async function written(name: string, document: JsonObject): Promise<string> {
  await mkdir(join(specs, name), { recursive: true });
  await writeFile(join(specs, name, 'api.json'), JSON.stringify(document));
  const config = join(specs, name, 'atlas.config.yaml');
  const base = document['servers'] === undefined ? '' : ', basePath: /v1';
  await writeFile(config, `version: 1\nout: ../generated\nservices:\n  x: { openapi: api.json${base} }\n`);
  return config;
}

function caseRequest({ method, url, headers, body }: RequestValue): CaseRequest {
  const text = body === undefined ? {} : { body: JSON.stringify(body) };
  return { title: '', method, url: url.replace(/^https?:\/\/[^/]*/, ''), headers, ...text, gets: {} };
}

/** What a client with some roles has. */
function credentialsOf(roles: readonly string[]): Alternative {
  return new Map([[SCHEME, credentialOf(SCHEME, { type: 'http', scheme: 'bearer' }, roles)]]);
}

/** Whether all that routes say against a request is that they have no such parameter, which the model tolerates. */
function isUnknownName(answer: unknown): boolean {
  const errors = isRecord(answer) && isRecord(answer['body']) ? answer['body']['errors'] : undefined;
  const isUnknown = (error: unknown): boolean => isRecord(error) && error['detail'] === 'is not a known parameter';
  return Array.isArray(errors) && errors.every(isUnknown);
}

/** Whether an answer is what the request asks for. */
function isTaken(answer: unknown, { headers }: RequestValue): boolean {
  if (!isRecord(answer) || answer['status'] !== 200 || !isRecord(answer['headers'])) return false;
  const sent = String(answer['headers']['content-type']).split(';')[0] ?? '';
  const wanted = headers['accept'] ?? '*/*';
  return wanted === '*/*' || wanted === sent || (wanted.endsWith('/*') && sent.startsWith(wanted.slice(0, -1)));
}

describe('over random documents', () => {
  it('the model of what an API accepts says of random requests what the generated routes answer', async () => {
    const asked = fc.sample(dice, { numRuns: DOCUMENTS, seed }).map((dice, index): Asked => {
      const document = randomRoutes(dice);
      const peer = new Peer(memoryVersion(document));
      const requests = peer.api.operations.flatMap((operation) =>
        Array.from({ length: REQUESTS }, () => randomRequest(dice, peer, operation)),
      );
      const isMeant = (request: RequestValue): boolean => isSendable(request) && !hasEmptyList(peer.api, request);
      const meant = requests.filter(isMeant);
      return {
        name: `document${index}`,
        document,
        requests: meant,
        roles: meant.map(() => (dice.once(3) ? dice.some(ROLES) : ROLES)),
      };
    });
    const answers = await answersOf(asked);
    const seen = { documents: 0, accepted: 0, refused: 0 };
    for (const [index, { document, requests, roles = [] }] of asked.entries()) {
      const { error, answers: given = [] } = answers[index] ?? {};
      if (error !== undefined) continue;
      seen.documents += 1;
      const api = apiOf(memoryVersion(document));
      const model = new Acceptance(api, new Samples(api.version));
      for (const [at, request] of requests.entries()) {
        if (isUnknownName(given[at])) continue;
        const isAccepted = isTaken(given[at], request);
        seen[isAccepted ? 'accepted' : 'refused'] += 1;
        const told = JSON.stringify({ request, roles: roles[at], answer: given[at], document });
        expect(model.accepts(request, credentialsOf(roles[at] ?? [])), told).toBe(isAccepted);
      }
    }
    expect(seen.documents).toBeGreaterThan(DOCUMENTS / 3);
    expect(seen.accepted).toBeGreaterThan(seen.documents * 10);
    expect(seen.refused).toBeGreaterThan(seen.documents * 10);
  });

  it('the routes of the old version accept the request that proves a break, and the routes of the new one refuse it', async () => {
    const pairs = fc.sample(dice, { numRuns: DOCUMENTS, seed }).map((dice, index) => {
      const old = randomRoutes(dice);
      const versions = Array.from({ length: MOST_VERSIONS }, () => editedApi(old, dice, 1, ofRequests));
      const requests = versions.map(({ next }) => {
        const { findings } = compareHttp(memoryVersion(old), memoryVersion(next), '', {});
        return findings.flatMap(({ change, witness }) =>
          witness && isRequest(witness.value) ? [{ change, request: witness.value }] : [],
        );
      });
      const at = Math.max(
        0,
        requests.findIndex((list) => list.length > 0),
      );
      return { index, old, next: versions[at]?.next ?? old, edits: versions[at]?.edits, requests: requests[at] ?? [] };
    });
    const proven = pairs.filter(({ requests }) => requests.length > 0);
    const side = (name: 'old' | 'next') =>
      proven.map(({ index, requests, ...documents }) => ({
        name: `${name}${index}`,
        document: documents[name],
        requests: requests.map(({ request }) => request),
      }));
    const [before, after] = [await answersOf(side('old')), await answersOf(side('next'))];
    let proofs = 0;
    for (const [index, { requests, edits, old, next }] of proven.entries()) {
      const [was, is] = [before[index], after[index]];
      if (!was || !is || was.error !== undefined || is.error !== undefined) continue;
      for (const [at, { change, request }] of requests.entries()) {
        proofs += 1;
        const told = JSON.stringify({ change, edits, request, was: was.answers[at], is: is.answers[at], old, next });
        expect([isTaken(was.answers[at], request), isTaken(is.answers[at], request)], told).toEqual([true, false]);
      }
    }
    expect(proofs).toBeGreaterThan(DOCUMENTS / 8);
  });
});
