import { contract } from '@atlas/generated-gateway';
import type { GatewayRoute } from '@atlas/runtime';
import { mintToken } from '@atlas/stack';
import { describe, expect, it } from 'vitest';
import { erp } from './erp.ts';

const SOME_ID = '0190f3c1-7a00-7000-8000-000000000001';

async function ask({ method, path, body }: GatewayRoute, roles?: readonly string[]) {
  const answer = await fetch(erp.system.process('gateway').url + path.replaceAll(/\{[^{}]*\}/g, SOME_ID), {
    method,
    redirect: 'manual',
    headers: {
      ...(roles
        ? { authorization: `Bearer ${await mintToken(erp.stack, { sub: `kim-${roles.join('-')}`, roles })}` }
        : {}),
      ...(body ? { 'content-type': body.mediaTypes[0] ?? '' } : {}),
    },
    ...(body ? { body: '{}' } : {}),
  });
  const text = await answer.text();
  const parsed: unknown = /json/.test(answer.headers.get('content-type') ?? '') ? JSON.parse(text) : {};
  return { status: answer.status, code: codeIn(parsed), headers: answer.headers };
}

function codeIn(problem: unknown): unknown {
  return typeof problem === 'object' && problem !== null && 'code' in problem ? problem.code : undefined;
}

/** The problem codes of the gateway and the plumbing that say that a request has not reached its operation. */
const NOT_REACHED = ['not-found-route', 'method-not-allowed', 'unauthenticated', 'forbidden-role', 'unavailable'];

describe('the gateway before the real services', () => {
  const routes = contract.routes.map((route) => ({ route, where: `${route.method} ${route.path}` }));

  it('lets each role call exactly what the matrix of roles gives it', async () => {
    const roles = [...new Set(contract.routes.flatMap(({ security }) => security.flatMap((one) => one.roles)))];
    expect(roles.length).toBeGreaterThan(3);
    for (const { route, where } of routes)
      for (const role of roles) {
        // the gateway lets everybody call a route that is protected by a signature
        const mayCall =
          route.security.length === 0 || route.security.some((way) => way.roles.every((needed) => needed === role));
        const { status, code, headers } = await ask(route, [role]);
        const outcome = NOT_REACHED.find((refusal) => refusal === code) ?? 'reached';
        expect(outcome, `${where} as ${role}: ${status}`).toBe(mayCall ? 'reached' : 'forbidden-role');
        expect(headers.get('x-correlation-id'), where).toMatch(/^[0-9a-f-]{36}$/);
      }
  });

  it('refuses a caller without a token, or without a role, where one is needed', async () => {
    const secured = routes.filter(({ route }) => route.security.length > 0);
    for (const { route, where } of secured)
      expect(await ask(route), where).toMatchObject({ status: 401, code: 'unauthenticated' });
    for (const { route, where } of secured.filter(({ route }) => route.security.every(({ roles }) => roles.length > 0)))
      expect(await ask(route, []), where).toMatchObject({ status: 403, code: 'forbidden-role' });
  });

  it('serves one document and one page of all operations', async () => {
    const { url } = erp.system.process('gateway');
    const document = await (await fetch(`${url}/openapi.json`)).text();
    for (const { operationId } of contract.routes) expect(document).toContain(`"${operationId}"`);
    const page = await fetch(`${url}/docs/`);
    expect(page.headers.get('content-security-policy')).toContain("default-src 'self'");
    expect(await page.text()).not.toMatch(/(src|href)="https?:/);
  });

  it('goes on when a service is down, and says so on its routes', async () => {
    const [down] = contract.routes;
    const other = contract.routes.find(({ service }) => service !== down?.service);
    if (!down || !other) throw new Error('there are not two services');
    await erp.system.process(down.service).stop();
    expect(await ask(down, down.security[0]?.roles)).toMatchObject({ status: 503, code: 'unavailable' });
    expect(NOT_REACHED).not.toContain((await ask(other, other.security[0]?.roles)).code);
    const { adminUrl } = erp.system.process('gateway');
    expect((await fetch(`${adminUrl}/health/ready`)).status).toBe(200);
    await erp.system.restart(down.service);
    await expect.poll(async () => (await ask(down, down.security[0]?.roles)).code).not.toBe('unavailable');
  });
});
