import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Actor, Webhook } from '../../contract/handler.ts';
import { READS, type OperationContract } from '../../contract/operation.ts';
import { AtlasError } from '../../contract/atlasError.ts';
import { runCommand, runQuery } from '../../command/runCommand.ts';
import { chooserOf } from '../../http/accept.ts';
import { lifecycleHeaders } from '../../http/answer.ts';
import { signalOf } from '../../http/clientLeft.ts';
import { NOBODY, WEBHOOK, type Plumbing, type Request } from '../../command/request.ts';
import { bodyOf } from '../../http/body.ts';
import { digestOf } from '../../http/canonical.ts';
import { ifMatchOf, matchesNone } from '../../http/etag.ts';
import { hasUnreadBody } from '../../http/framing.ts';
import { endResponseLingering } from '../../http/lingering.ts';
import { failureReply } from '../../http/failure.ts';
import { idempotencyKeyOf } from '../../http/idempotencyKey.ts';
import { verifyWebhook, webhookHead, webhookScheme, type WebhookHead } from '../../http/webhook.ts';
import { REQUEST_HEADER, RESPONSE_HEADER } from '../../http/headerNames.ts';
import { paramsParser } from '../../http/params/parseParams.ts';
import type { Reply, StreamedReply } from '../../http/reply.ts';
import { correlationIdOf } from '../../http/correlationId.ts';
import { traceparentOf } from '../../record/headers.ts';
import type { HandlerTable } from '../../contract/service.ts';
import type { Authenticator } from '../../ports/authenticator.ts';
import type { Log } from '../../ports/log.ts';
import { refusalOf } from './frameworkError.ts';
import type { Streams } from './streams.ts';
import type { Observe } from '../../http/observer.ts';
import { Refusal } from '../../http/problem.ts';

/** What each route of a service needs. */
export interface RouteOptions {
  readonly operations: readonly OperationContract[];
  /** By operation id. */
  readonly handlers: HandlerTable;
  readonly plumbing: Plumbing;
  readonly authenticator: Authenticator;
  /** The keys of signed requests by security scheme. */
  readonly webhookKeys?: ReadonlyMap<string, readonly Buffer[]>;
  readonly log: Log;
}

/** What the routes of one app share. */
export interface Shared {
  readonly streams: Streams;
  /** When the headers of a request arrived, by `performance.now()`. */
  readonly arrivedAt: (request: FastifyRequest) => number;
}

/** Adds an operation's route. The caller is authenticated before the body is read. */
export function addRoute(
  app: FastifyInstance,
  operation: OperationContract,
  options: RouteOptions,
  observe: Observe,
  { streams, arrivedAt }: Shared,
): void {
  const { plumbing, authenticator, log, handlers } = options;
  const handle = handlers[operation.id];
  if (handle === undefined) throw new AtlasError('ATLAS_HANDLER', `operation ${operation.id} has no handler`);
  const parse = paramsParser(operation);
  const choose = chooserOf(operation);
  const extra = { ...lifecycleHeaders(operation), ...(choose ? { [RESPONSE_HEADER.vary]: 'accept' } : {}) };
  const hasExtra = Object.keys(extra).length > 0;
  const open = operation.security.length === 0;
  const actors = new WeakMap<FastifyRequest, Actor>();
  const signed = signedBy(operation, options);

  /** The reply to a request. Undefined if it has been sent. */
  const attempt = async (
    request: FastifyRequest,
    to: FastifyReply,
    correlationId: string,
  ): Promise<Reply | undefined> => {
    const { headers } = request.raw;
    const url = originForm(request.raw.url ?? '/');
    // verified first, so that a stranger learns nothing about the contract
    const webhook = signed?.verify(request);
    const { path, query, header } = parse(url, headers);
    const body = bodyOf(operation, headers, Buffer.isBuffer(request.body) ? request.body : undefined);
    const key = idempotencyKeyOf(operation, textOf(headers[REQUEST_HEADER.idempotencyKey]), request.raw.rawHeaders);
    const ifMatch = ifMatchOf(operation, headers[REQUEST_HEADER.ifMatch]);
    const accept = choose?.(headers.accept);
    const asked: Request = {
      operation,
      handle,
      actor: actors.get(request) ?? (signed ? WEBHOOK : NOBODY),
      correlationId,
      traceparent: traceparentOf(headers['traceparent']),
      input: {
        params: path,
        query,
        headers: header,
        body,
        ...(accept === undefined ? {} : { accept }),
        ...(ifMatch === undefined ? {} : { ifMatch }),
        ...(webhook === undefined ? {} : { webhook }),
      },
      idempotency: key === undefined ? undefined : { key, digest: digestOf(operation.method, url, body, ifMatch) },
    };
    if (!READS.has(operation.method)) return runCommand(plumbing, asked);
    const read = await runQuery(plumbing, asked, {
      signal: () => signalOf(to.raw),
      stream: (streamed) => stream(request, to, streamed, correlationId),
    });
    return read && unlessKnown(read, headers['if-none-match']);
  };

  app.route({
    method: operation.method,
    url: operation.url,
    ...(operation.body?.limit === undefined ? {} : { bodyLimit: operation.body.limit }),
    // a HEAD operation of the same path has a route of its own
    ...(options.operations.some(({ method, url }) => method === 'HEAD' && url === operation.url)
      ? { exposeHeadRoute: false }
      : {}),
    ...(open
      ? {}
      : {
          onRequest: async (request: FastifyRequest) => {
            if (signed) return signed.begin(request);
            const actor = await authenticator.authenticate(request.raw.headers);
            actors.set(request, actor);
            authorize(operation, actor);
          },
        }),
    // called if the request is refused before the operation runs: by onRequest, or by Fastify because of the body
    errorHandler: (error, request, reply) => {
      const correlationId = correlationIdOf(request.raw.headers['x-correlation-id']);
      finish(request, reply, failed(refusalOf(error, operation), correlationId), correlationId);
    },
    handler: async (request, reply) => {
      const correlationId = correlationIdOf(request.raw.headers['x-correlation-id']);
      let answered: Reply | undefined;
      try {
        answered = await attempt(request, reply, correlationId);
      } catch (error) {
        answered = failed(error, correlationId);
      }
      if (answered) finish(request, reply, answered, correlationId);
    },
  });

  function failed(error: unknown, correlationId: string): Reply {
    const { reply, fault } = failureReply(error, correlationId);
    if (fault) log.error({ err: error, operation: operation.id, correlationId }, 'operation failed');
    return reply;
  }

  function finish(request: FastifyRequest, reply: FastifyReply, answered: Reply, correlationId: string): void {
    sendReply(reply, hasExtra ? { ...answered, headers: { ...extra, ...answered.headers } } : answered, correlationId);
    answeredWith(answered.status, request, correlationId);
  }

  function answeredWith(status: number, request: FastifyRequest, correlationId: string): void {
    observe({ status, startedAt: arrivedAt(request), correlationId, actor: actors.get(request)?.id });
  }

  /** Sends a reply whose text is made while it is sent, and resolves when the handler's session is no longer needed. */
  async function stream(
    request: FastifyRequest,
    reply: FastifyReply,
    { status, headers, chunks }: StreamedReply,
    correlationId: string,
  ): Promise<void> {
    const head = { status, headers, body: undefined };
    const known = unlessKnown(head, request.raw.headers['if-none-match']);
    const isHead = request.raw.method === 'HEAD';
    if (known !== head || isHead) await chunks[Symbol.asyncIterator]().return?.();
    if (known !== head) return finish(request, reply, known, correlationId);
    const begin = (): void => {
      reply.raw.writeHead(status, sentHeaders(request, { ...extra, ...headers }, correlationId));
      reply.hijack();
    };
    if (isHead) {
      begin();
      reply.raw.end();
    } else {
      const { how, error } = await streams.send(reply.raw, chunks, begin);
      const fields = { operation: operation.id, correlationId };
      if (how === 'failed') log.error({ ...fields, err: error }, 'the answer broke off, because its handler failed');
      else if (how !== 'whole') log.warn({ ...fields, reason: how }, 'the answer broke off');
    }
    answeredWith(status, request, correlationId);
  }
}

/** Verifies the signed requests of an operation (Standard Webhooks). */
interface Signed {
  /** Checks the head, before the body is read. */
  begin(request: FastifyRequest): void;
  /** Verifies the body's bytes. */
  verify(request: FastifyRequest): Webhook | undefined;
}

function signedBy(operation: OperationContract, { webhookKeys, plumbing }: RouteOptions): Signed | undefined {
  const scheme = webhookScheme(operation);
  if (scheme === undefined) return undefined;
  const keys = webhookKeys?.get(scheme);
  if (keys === undefined) throw new AtlasError('ATLAS_ENV', `the security scheme ${scheme} has no secrets`);
  const heads = new WeakMap<FastifyRequest, WebhookHead>();
  return {
    begin: (request) => {
      heads.set(request, webhookHead(request.raw.headers, plumbing.clock));
    },
    verify: (request) => {
      const head = heads.get(request);
      return head && verifyWebhook(keys, head, Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0));
    },
  };
}

/**
 * Path and query of a request target, which may begin with scheme and host (RFC 9112, section 3.2.2). A target without
 * a path, such as `*` for the whole server, stays as it is.
 */
export function originForm(target: string): string {
  if (target.startsWith('/')) return target;
  const path = target.replace(/^https?:\/\/[^/?#]*/i, '');
  return path === '' || path.startsWith('?') ? `/${path}` : path;
}

function textOf(header: string | readonly string[] | undefined): string | undefined {
  return typeof header === 'object' ? header.join(', ') : header;
}

/** 304 if the client has this version of what a read returns (RFC 9110, section 13.2.2). */
function unlessKnown(reply: Reply, ifNoneMatch: string | undefined): Reply {
  const { [RESPONSE_HEADER.etag]: etag, 'content-type': _none, ...headers } = reply.headers;
  if (reply.status !== 200 || etag === undefined || !matchesNone(ifNoneMatch, etag)) return reply;
  return { status: 304, headers: { ...headers, [RESPONSE_HEADER.etag]: etag }, body: undefined };
}

/**
 * Sends a reply. If the request's body was not read, its rest is dropped and the connection is closed. Browsers must
 * not guess the reply's media type, and caches must not store it unless the handler says otherwise (RFC 9111, section
 * 5.2.2.5).
 */
export function sendReply(
  to: FastifyReply,
  { status, headers, body }: Omit<Reply, 'body'> & { readonly body: string | Buffer | undefined },
  correlationId: string,
): void {
  to.headers(sentHeaders(to.request, headers, correlationId));
  if (!hasUnreadBody(to.request.raw)) return void to.code(status).send(body);
  to.hijack();
  endResponseLingering(to.request.raw, to.raw, { status, headers: to.getHeaders(), body });
}

function sentHeaders(
  { raw }: FastifyRequest,
  headers: Reply['headers'],
  correlationId: string,
): Record<string, string> {
  return {
    'cache-control': 'no-store',
    ...headers,
    [RESPONSE_HEADER.correlationId]: correlationId,
    [RESPONSE_HEADER.contentTypeOptions]: 'nosniff',
    ...(hasUnreadBody(raw) ? { connection: 'close' } : {}),
  };
}

/**
 * A path template in the form of Fastify's router, in which a colon starts a parameter and two colons mean one colon.
 */
export function routerPath(template: string): string {
  return template.replaceAll(':', '::').replaceAll(/\{([^{}]*)\}/g, ':$1');
}

/** Throws `Refusal` 403 unless the actor has all roles of one of the alternatives. */
export function authorize({ id, security }: Pick<OperationContract, 'id' | 'security'>, actor: Actor): void {
  if (security.some(({ roles }) => roles.every((role) => actor.roles.includes(role)))) return;
  const alternatives = security.map(({ roles }) => roles.join(' and ')).join(', or ');
  throw new Refusal({ code: 'forbidden-role', detail: `${id} needs the role ${alternatives}` });
}
