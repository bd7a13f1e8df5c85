import type { BreakingFinding } from '../finding.ts';
import { compareHttp } from '../http/compareHttp.ts';
import type { Operation } from '../http/api.ts';
import { contextOf } from '../http/context.ts';
import type { ResponseValue } from '../http/exchange.ts';
import { acceptingType, knownResponse } from '../http/match.ts';
import type { EditedApi } from './apiEdits.ts';
import type { Dice } from './dice.ts';
import { memoryVersion } from './memoryVersion.ts';
import { hasCredentials, isRequest, isResponse, isTolerated, Peer } from './peers.ts';

/** Requests and responses that attack each operation with the verdict "compatible". */
const ATTACKS = 8;

export interface Judged {
  readonly findings: readonly BreakingFinding[];
  /** What is wrong with the verdict, in words; empty if nothing is. */
  readonly wrong: readonly string[];
  /** Requests and responses of one version that were tried on the other. */
  readonly attacks: number;
}

/** Compares two versions of an API, and tries to prove the verdict wrong. */
export function judged({ old, next, isEqual }: EditedApi, dice: Dice): Judged {
  const [before, after] = [memoryVersion(old), memoryVersion(next)];
  const { findings } = compareHttp(before, after, '', {});
  const told = findings.filter(({ severity }) => severity !== 'info');
  const [was, is] = [new Peer(before), new Peer(after)];
  const wrong = isEqual ? told.map(({ change, message }) => `equal, but ${change}: ${message}`) : [];
  for (const finding of told)
    if (finding.severity === 'error' && !isProof(finding, was, is))
      wrong.push(`no proof: ${finding.change} ${JSON.stringify(finding.witness?.value)}`);
  const reached = new Set(told.flatMap(({ reaches }) => reaches));
  const { pairs, outgoing } = contextOf(was.api, is.api, '');
  let attacks = 0;
  for (const operation of was.api.operations) {
    if (reached.has(operation.id)) continue;
    for (let count = 0; count < ATTACKS; count++) {
      const { request, given } = was.request(dice, operation);
      if (was.sure((one) => one.accepts(request, given)) !== true) continue;
      attacks += 1;
      if (is.sure((one) => one.accepts(request, given)) === false)
        wrong.push(`missed: ${operation.id} ${JSON.stringify(request)}`);
    }
  }
  for (const pair of outgoing.pairs) {
    if (reached.has(pair.old.id)) continue;
    for (let count = 0; count < ATTACKS; count++) {
      const { request } = is.request(dice, pair.new, 'response');
      const takes = (peer: Peer, operation: Operation): boolean | undefined =>
        peer.sure((one) => one.acceptsFor(unsecured(operation), request, new Map(), 'response'));
      if (takes(is, pair.new) !== true) continue;
      attacks += 1;
      if (takes(was, pair.old) === false) wrong.push(`missed: ${pair.old.id} ${JSON.stringify(request)}`);
    }
  }
  for (const pair of outgoing.pairs) {
    if (reached.has(pair.old.id)) continue;
    for (const answer of pair.old.responses.values())
      for (let count = 0; count < ATTACKS; count++) {
        const value = was.response(dice, pair.old, answer, 'request');
        if (!value || was.sure((one) => one.declares(pair.old, value, 'request')) !== true) continue;
        attacks += 1;
        if (isUnnamed(pair.new, value)) continue;
        if (is.sure((one) => one.declares(pair.new, value, 'request')) === false)
          wrong.push(`missed: ${pair.old.id} ${JSON.stringify(value)}`);
      }
  }
  for (const pair of pairs) {
    if (reached.has(pair.old.id)) continue;
    for (const response of pair.new.responses.values())
      for (let count = 0; count < ATTACKS; count++) {
        const value = is.response(dice, pair.new, response);
        if (!value || is.sure((one) => one.declares(pair.new, value)) !== true) continue;
        attacks += 1;
        if (isTolerated(pair.old, pair.new, value)) continue;
        if (was.sure((one) => one.declares(pair.old, value)) === false)
          wrong.push(`missed: ${pair.old.id} ${JSON.stringify(value)}`);
      }
  }
  return { findings, wrong: [...new Set(wrong)], attacks };
}

/** Whether an operation does not declare the status or the media type of an answer. Such answers are not compared. */
function isUnnamed(operation: Operation, { status, headers }: ResponseValue): boolean {
  const known = knownResponse(operation, String(status));
  return known === undefined || acceptingType(known.content, headers['content-type'] ?? '') === undefined;
}

/** The operation without its security, because the client that is called decides about credentials. */
function unsecured(operation: Operation): Operation {
  return { ...operation, security: [new Map()] };
}

function isProof({ witness, reaches }: BreakingFinding, old: Peer, next: Peer): boolean {
  const { value = null } = witness ?? {};
  if (isRequest(value) && witness?.acceptedBy === 'old')
    return old.api.operations
      .filter(({ id }) => reaches.includes(id))
      .flatMap(({ security }) => security)
      .some(
        (given) =>
          hasCredentials(value, given) &&
          old.sure((one) => one.accepts(value, given)) !== false &&
          next.sure((one) => one.accepts(value, given)) !== true,
      );
  const { pairs, outgoing } = contextOf(old.api, next.api, '');
  if (isRequest(value))
    return outgoing.pairs
      .filter((pair) => reaches.includes(pair.old.id))
      .some(
        (pair) =>
          next.sure((one) => one.acceptsFor(unsecured(pair.new), value, new Map(), 'response')) !== false &&
          old.sure((one) => one.acceptsFor(unsecured(pair.old), value, new Map(), 'response')) !== true,
      );
  if (!isResponse(value)) return false;
  if (witness?.acceptedBy === 'old')
    return outgoing.pairs
      .filter((pair) => reaches.includes(pair.old.id))
      .some(
        (pair) =>
          old.sure((one) => one.declares(pair.old, value, 'request')) !== false &&
          next.sure((one) => one.declares(pair.new, value, 'request')) !== true,
      );
  return pairs
    .filter((pair) => reaches.includes(pair.old.id))
    .some(
      (pair) =>
        next.sure((one) => one.declares(pair.new, value)) !== false &&
        old.sure((one) => one.declares(pair.old, value)) !== true,
    );
}
