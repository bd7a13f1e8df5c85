import { randomUUID } from 'node:crypto';
import { contract } from '@atlas/generated-workflow';
import { deployContracts, mintToken, readStack, spawnService } from '@atlas/stack';
import { workflowDatabase, type WorkflowDatabase } from './workflowDatabase.ts';

export interface Asked {
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** The person of the token. By default, the roles follow from the name, such as `approver-1`. */
  readonly as?: string;
  readonly roles?: readonly string[];
}

interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: unknown;
}

export interface WorkflowService {
  ask(method: 'GET' | 'POST' | 'DELETE', path: string, asked?: Asked): Promise<Answer>;
  /** A command: a POST with an Idempotency-Key of its own. */
  post(path: string, asked?: Asked): Promise<Answer>;
  /** Puts the only rule of a policy into force: one admin proposes it, another one confirms it. */
  publish(policyId: string, steps: readonly object[]): Promise<void>;
  stop(): Promise<unknown>;
}

/** A migrated database of a suite's own, and the service over it. `close` ends both. */
export async function workflowScene(suite: string): Promise<{
  readonly database: WorkflowDatabase;
  readonly service: WorkflowService;
  close(): Promise<void>;
}> {
  const database = await workflowDatabase(`workflow_${suite}_${process.pid}`);
  const service = await workflowService('workflow-test.', database.url);
  return {
    database,
    service,
    close: async () => {
      await service.stop();
      await database.close();
    },
  };
}

/** Deploys topics, schemas and rights to the stack, all under `namespace`, and starts the service as a process. */
async function workflowService(namespace: string, databaseUrl: string): Promise<WorkflowService> {
  const stack = readStack();
  if (!stack) throw new Error('no stack is up: run `make up` first');
  await deployContracts(stack, { namespace });
  const env = { DATABASE_URL: databaseUrl };
  const service = await spawnService(stack, contract.service, { namespace, name: `${namespace}test`, env });
  const ask: WorkflowService['ask'] = async (method, path, { body, headers = {}, as = 'approver-1', roles } = {}) => {
    const token = await mintToken(stack, { sub: as, roles: roles ?? [as.replace(/-.*$/, '')] });
    const response = await fetch(service.url + path, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, body: text === '' ? undefined : JSON.parse(text) };
  };
  const post: WorkflowService['post'] = (path, { headers = {}, ...asked } = {}) =>
    ask('POST', path, { ...asked, headers: { 'idempotency-key': randomUUID(), ...headers } });
  return {
    ask,
    post,
    publish: async (policyId, steps) => {
      const proposed = await post(`/v1/policies/${policyId}/versions`, { body: { rules: [{ steps }] }, as: 'admin-1' });
      const { status } = await post(`${proposed.headers.get('location') ?? ''}/confirm`, { as: 'admin-2' });
      if (status !== 200) throw new Error(`the policy ${policyId} is not in force`);
    },
    stop: () => service.stop(),
  };
}
