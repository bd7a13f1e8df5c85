import swagger, { type StaticDocumentSpec } from '@fastify/swagger';
import fastify, { type FastifyInstance } from 'fastify';
import type { Json } from '../../contract/operation.ts';
import { AtlasError } from '../../contract/atlasError.ts';

/**
 * /openapi.json, and the reference at /docs. Its page and scripts are this server's own: nothing is fetched from
 * elsewhere.
 */
export async function reference(app: FastifyInstance, document: Json): Promise<void> {
  const json = JSON.stringify(document);
  app.get('/openapi.json', { exposeHeadRoute: true }, (_request, reply) =>
    reply.header('content-type', 'application/json').header('x-content-type-options', 'nosniff').send(json),
  );
  // the page's 5 MB are loaded when somebody looks, so that a service boots without them
  let page: Promise<FastifyInstance> | undefined;
  for (const url of ['/docs', '/docs/*']) {
    app.get(url, { exposeHeadRoute: false }, async (request, reply) => {
      page ??= pageApp(document);
      const app = await page;
      reply.hijack();
      app.routing(request.raw, reply.raw);
    });
  }
}

async function pageApp(document: Json): Promise<FastifyInstance> {
  const { default: apiReference } = await import('@scalar/fastify-api-reference');
  if (!isOpenApi(document)) throw new AtlasError('ATLAS_DOCUMENT', 'the contract has a document that is no OpenAPI');
  const app = fastify({ logger: false });
  app.addHook('onSend', async (_request, reply) => {
    reply
      .header('x-content-type-options', 'nosniff')
      .header('x-frame-options', 'DENY')
      .header('referrer-policy', 'no-referrer');
  });
  await app.register(swagger, { mode: 'static', specification: { document } });
  await app.register(apiReference, {
    routePrefix: '/docs',
    configuration: { withDefaultFonts: false, telemetry: false },
  });
  await app.ready();
  return app;
}

/** The toolkit has checked all of it before it was generated. */
function isOpenApi(document: unknown): document is StaticDocumentSpec['document'] {
  return typeof document === 'object' && document !== null && 'openapi' in document && 'paths' in document;
}
