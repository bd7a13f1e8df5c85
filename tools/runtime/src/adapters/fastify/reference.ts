import swagger, { type StaticDocumentSpec } from '@fastify/swagger';
import fastify, { type FastifyInstance } from 'fastify';
import type { Json } from '../../contract/operation.ts';
import { AtlasError } from '../../contract/atlasError.ts';

/** Adds /openapi.json and the reference at /docs. Page and scripts come from this server only. */
export async function reference(app: FastifyInstance, document: Json): Promise<void> {
  const json = JSON.stringify(document);
  app.get('/openapi.json', { exposeHeadRoute: true }, (_request, reply) =>
    reply.header('content-type', 'application/json').header('x-content-type-options', 'nosniff').send(json),
  );
  // the page's 5 MB are loaded with the first request, so that a service starts without them
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
  if (!isOpenApi(document))
    throw new AtlasError('ATLAS_DOCUMENT', 'the document of the contract is not an OpenAPI document');
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

/** A short check is enough: the toolkit has checked the document before it was generated. */
function isOpenApi(document: unknown): document is StaticDocumentSpec['document'] {
  return typeof document === 'object' && document !== null && 'openapi' in document && 'paths' in document;
}
