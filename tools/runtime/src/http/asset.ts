import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { matchesNone } from './etag.ts';

const compress = promisify(gzip);

/** A file that is the same for every caller. Its bytes are made once and shared by all connections. */
export interface Asset {
  readonly plain: Buffer;
  readonly gzip: Buffer;
  readonly headers: Readonly<Record<string, string>>;
  /**
   * A strong entity tag without its quotes. Each coding of the bytes has a tag of its own (RFC 9110, section 8.8.3.3).
   */
  readonly tag: string;
}

export interface AssetReply {
  readonly status: 200 | 304;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer | undefined;
}

/** Makes an asset. The headers need a media type; By default, `cache-control` asks clients to check by `ETag`. */
export async function assetOf(text: string, headers: Readonly<Record<string, string>>): Promise<Asset> {
  const plain = Buffer.from(text);
  return {
    plain,
    gzip: await compress(plain),
    headers: {
      'cache-control': 'public, no-cache',
      'x-content-type-options': 'nosniff',
      vary: 'accept-encoding',
      ...headers,
    },
    tag: createHash('sha256').update(plain).digest('base64url').slice(0, 22),
  };
}

/** The answer to GET: compressed if the client takes gzip, 304 if it has the bytes already. */
export function assetReply(
  asset: Asset,
  request: { readonly 'accept-encoding'?: string | undefined; readonly 'if-none-match'?: string | undefined },
): AssetReply {
  const zipped = takesGzip(request['accept-encoding']);
  const etag = `"${asset.tag}${zipped ? '-gzip' : ''}"`;
  const headers = { ...asset.headers, etag };
  if (matchesNone(request['if-none-match'], etag)) return { status: 304, headers, body: undefined };
  if (!zipped) return { status: 200, headers, body: asset.plain };
  return { status: 200, headers: { ...headers, 'content-encoding': 'gzip' }, body: asset.gzip };
}

/** Whether `Accept-Encoding` names gzip or `*` with a weight above 0 (RFC 9110, section 12.5.3). */
function takesGzip(header = ''): boolean {
  const weights = new Map<string, number>();
  for (const part of header.toLowerCase().split(',')) {
    const [coding = '', ...parameters] = part.split(';').map((text) => text.trim());
    const weight = parameters.find((parameter) => parameter.startsWith('q='));
    weights.set(coding, weight === undefined ? 1 : Number(weight.slice(2)));
  }
  return (weights.get('gzip') ?? weights.get('*') ?? 0) > 0;
}
