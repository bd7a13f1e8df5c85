import { createHash } from 'node:crypto';
import swagger, { type StaticDocumentSpec } from '@fastify/swagger';
import fastify, { type FastifyInstance } from 'fastify';
import { READ_METHODS, type Json } from '../../contract/operation.ts';
import { AtlasError } from '../../contract/atlasError.ts';
import { assetOf, assetReply, type Asset } from '../../http/asset.ts';
import { documentOfReaders, type DescribedOperation } from '../../http/documentOfReaders.ts';

/** The paths of the reference. */
export const REFERENCE_PATHS = [
  '/openapi.json',
  '/docs',
  '/docs/',
  '/docs/js/scalar.js',
  '/docs/openapi.json',
  '/docs/openapi.yaml',
] as const;

/** The routes of the reference. */
export const REFERENCE_ROUTES = REFERENCE_PATHS.flatMap((path) => READ_METHODS.map((method) => ({ path, method })));

type AssetPath = Exclude<(typeof REFERENCE_PATHS)[number], '/docs'>;
type Assets = Readonly<Record<AssetPath, Asset>>;

/**
 * Adds /openapi.json and the reference at /docs. All its bytes come from this server, and the page may not load from or
 * send to other hosts. The bytes are made once, at the first request for them, because the script has 5 MB.
 */
export function reference(
  app: FastifyInstance,
  document: Json,
  operations: readonly DescribedOperation[],
  basePath: string,
): void {
  if (!isOpenApi(document))
    throw new AtlasError('ATLAS_DOCUMENT', 'the document of the contract is not an OpenAPI document');
  let contract: Promise<Asset> | undefined;
  let page: Promise<Assets> | undefined;
  const assetAt = async (path: AssetPath): Promise<Asset> => {
    contract ??= assetOf(JSON.stringify(document), { 'content-type': 'application/json' });
    if (path === '/openapi.json') return contract;
    page ??= assetsOf(documentOfReaders(document, operations, basePath), await contract);
    return (await page)[path];
  };
  for (const path of REFERENCE_PATHS) {
    app.options(path, (_request, reply) => reply.code(204).header('allow', READ_METHODS.join(', ')).send());
    if (path === '/docs') app.get(path, (_request, reply) => reply.redirect('/docs/', 301));
    else
      app.get(path, async (request, reply) => {
        const { status, headers, body } = assetReply(await assetAt(path), request.raw.headers);
        return reply.code(status).headers(headers).send(body);
      });
  }
}

async function assetsOf(shown: Json, contract: Asset): Promise<Assets> {
  if (!isOpenApi(shown)) throw new AtlasError('ATLAS_DOCUMENT', 'the reference has no OpenAPI document');
  const app = await scalarApp(shown);
  try {
    const textAt = async (url: string): Promise<string> => (await app.inject({ url })).body;
    const html = await textAt('/docs/');
    return {
      '/openapi.json': contract,
      '/docs/': await assetOf(html, {
        'content-type': 'text/html; charset=utf-8',
        'content-security-policy': policyOf(html),
        'referrer-policy': 'no-referrer',
        'x-frame-options': 'DENY',
      }),
      '/docs/js/scalar.js': await assetOf(await textAt('/docs/js/scalar.js'), {
        'content-type': 'text/javascript; charset=utf-8',
        'cache-control': 'public, max-age=86400',
      }),
      '/docs/openapi.json': await assetOf(JSON.stringify(shown), { 'content-type': 'application/json' }),
      '/docs/openapi.yaml': await assetOf(await textAt('/docs/openapi.yaml'), { 'content-type': 'application/yaml' }),
    };
  } finally {
    await app.close();
  }
}

/**
 * The style that hides or disables links that Scalar adds, because a click on one of them would leave this host. Links
 * of the document stay.
 */
const OWN_LINKS =
  'a[href*="scalar.com"] { display: none } a[href*="developer.mozilla.org"] { pointer-events: none; text-decoration: none }';

/** Scalar's own server. Only its texts are used, because it encodes the script again for each request. */
async function scalarApp(document: StaticDocumentSpec['document']): Promise<FastifyInstance> {
  const { default: apiReference } = await import('@scalar/fastify-api-reference');
  const app = fastify({ logger: false });
  await app.register(swagger, { mode: 'static', specification: { document } });
  const schemes = 'components' in document ? Object.keys(document.components?.securitySchemes ?? {}) : [];
  const [scheme] = schemes;
  await app.register(apiReference, {
    routePrefix: '/docs',
    configuration: {
      pageTitle: document.info.title,
      metaData: { title: document.info.title },
      withDefaultFonts: false,
      telemetry: false,
      // these would send the document to others, or advertise them
      showDeveloperTools: 'never',
      agent: { disabled: true },
      mcp: { disabled: true },
      hideClientButton: true,
      customCss: OWN_LINKS,
      ...(scheme !== undefined && schemes.length === 1 ? { authentication: { preferredSecurityScheme: scheme } } : {}),
    },
  });
  return app;
}

/**
 * The Content-Security-Policy of the page. It allows its own scripts by path or hash, and nothing from other hosts.
 * Styles may be inline, because Scalar writes them into the page.
 */
function policyOf(html: string): string {
  const inline = [...html.matchAll(/<script(?![^>]*\bsrc=)[^>]*>([\s\S]*?)<\/script>/g)].map(
    ([, code = '']) => `'sha256-${createHash('sha256').update(code).digest('base64')}'`,
  );
  return [
    "default-src 'self'",
    ["script-src 'self'", ...inline].join(' '),
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data:",
    "font-src 'self' data:",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "object-src 'none'",
  ].join('; ');
}

/** A short check is enough, because the toolkit has checked the document before generating it. */
function isOpenApi(document: unknown): document is StaticDocumentSpec['document'] & Json {
  return typeof document === 'object' && document !== null && 'openapi' in document && 'paths' in document;
}
