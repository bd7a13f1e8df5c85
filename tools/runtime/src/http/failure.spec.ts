import { describe, expect, it } from 'vitest';
import { AtlasError } from '../contract/atlasError.ts';
import { failureReply } from './failure.ts';
import { Refusal, withCorrelationId } from './problem.ts';

describe('the challenge of a refusal (RFC 6750, section 3)', () => {
  it.each([
    ['names no error without a token', new AtlasError('ATLAS_UNAUTHENTICATED', 'send one'), 401, 'Bearer'],
    ['names a refused token', new AtlasError('ATLAS_TOKEN', 'expired'), 401, 'Bearer error="invalid_token"'],
    ['names a missing role', new Refusal({ code: 'forbidden-role' }), 403, 'Bearer error="insufficient_scope"'],
  ])('%s', (_what, error, status, challenge) => {
    const { reply, fault } = failureReply(error, 'c-1');
    expect(fault).toBe(false);
    expect(reply).toMatchObject({ status, headers: { 'www-authenticate': challenge } });
  });
});

describe('a stored problem', () => {
  it('has the correlation id of the request that gets it', () => {
    const { reply } = failureReply(new Refusal({ code: 'version-conflict', detail: 'changed' }), 'first');
    const again = withCorrelationId(reply, 'second');
    expect(JSON.parse(again.body ?? '')).toEqual({ ...JSON.parse(reply.body ?? ''), correlationId: 'second' });
  });

  it('is the only kind of reply that is changed', () => {
    const reply = { status: 200, headers: { 'content-type': 'application/json' }, body: '{"correlationId":"first"}' };
    expect(withCorrelationId(reply, 'second')).toBe(reply);
  });
});
