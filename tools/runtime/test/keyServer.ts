import { createServer } from 'node:http';
import { exportJWK, generateKeyPair, SignJWT, type CryptoKey, type JWK, type JWTPayload } from 'jose';

/** A key pair of an issuer, with the public key as it publishes it. */
export interface IssuerKey {
  readonly privateKey: CryptoKey;
  readonly published: JWK;
}

export async function issuerKey(kid: string, alg = 'RS256'): Promise<IssuerKey> {
  const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true });
  return { privateKey, published: { ...(await exportJWK(publicKey)), kid, alg, use: 'sig' } };
}

/** A token that the key has signed. It has only these claims. */
export function signed(claims: JWTPayload, { privateKey, published: { kid, alg = '' } }: IssuerKey): Promise<string> {
  return new SignJWT(claims).setProtectedHeader({ alg, ...(kid === undefined ? {} : { kid }) }).sign(privateKey);
}

/** An HTTP server that publishes keys, as an issuer does. */
export interface KeyServer {
  readonly url: string;
  /** Sets what it answers from now on: a JWK Set by default, or another status or text. */
  answer(keys: readonly IssuerKey[], other?: { readonly status?: number; readonly text?: string }): void;
  /** From now on, it does not answer and keeps the connections open. */
  hang(): void;
  /** How many requests wait for an answer. */
  readonly waiting: () => number;
  /** How many requests it got. */
  readonly asked: () => number;
  close(): Promise<void>;
}

/** The target of redirections. It has the same text. */
const ELSEWHERE = '/elsewhere';

export async function keyServer(): Promise<KeyServer> {
  let asked = 0;
  let status = 503;
  let text = '';
  let hangs = false;
  let waiting = 0;
  const server = createServer(({ url }, response) => {
    asked += 1;
    if (hangs) {
      waiting += 1;
      response.once('close', () => (waiting -= 1));
      return;
    }
    response
      .writeHead(url === ELSEWHERE ? 200 : status, { 'content-type': 'application/json', location: ELSEWHERE })
      .end(text);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server does not listen');
  return {
    url: `http://127.0.0.1:${address.port}/certs`,
    hang: () => (hangs = true),
    waiting: () => waiting,
    answer: (keys, other = {}) => {
      hangs = false;
      status = other.status ?? 200;
      text = other.text ?? JSON.stringify({ keys: keys.map(({ published }) => published) });
    },
    asked: () => asked,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
