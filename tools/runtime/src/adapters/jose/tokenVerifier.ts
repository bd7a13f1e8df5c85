import { errors, jwtVerify, type JWTVerifyGetKey } from 'jose';
import { AtlasError } from '../../contract/atlasError.ts';
import type { Actor } from '../../contract/handler.ts';
import type { Authenticator } from '../../ports/authenticator.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import type { Metrics } from '../../ports/metrics.ts';
import type { Check } from '../../ports/readiness.ts';
import { actorOf, bearerOf, refused, refuseOtherKinds, refuseToxicRoles } from './accessToken.ts';
import { keysOfFile } from './keySet.ts';
import { KnownTokens } from './knownTokens.ts';
import { RemoteKeys } from './remoteKeys.ts';

/** Which tokens a service accepts: the part of its environment that is about tokens. */
export interface Trust {
  /** The public keys as a JWK Set (RFC 7517, section 5), in a file or where the issuer publishes them. */
  readonly keys: { readonly file: string } | { readonly url: string };
  readonly issuer: string;
  /**
   * The only accepted algorithms. All of them use key pairs; otherwise a public key could be used as a shared secret.
   */
  readonly algorithms: readonly Algorithm[];
}

export const ALGORITHMS = ['RS256', 'PS256', 'ES256', 'ES384', 'EdDSA', 'Ed25519'] as const;
export type Algorithm = (typeof ALGORITHMS)[number];

export interface VerifierOptions extends Trust {
  /**
   * The service's own name, which must be among the token's audiences. If there are several names, one of them is
   * enough.
   */
  readonly audience: string | readonly string[];
  /** Sets of roles that nobody may have together. A token with all roles of one set is refused. */
  readonly toxicRoles: readonly (readonly string[])[];
  /** How many verified tokens it remembers; 1,000 by default. A token may have 8 KB. */
  readonly remembered?: number;
  readonly clock: Pick<Clock, 'now' | 'monotonic'>;
  readonly log: Log;
  readonly metrics: Metrics;
}

type Headers = Parameters<Authenticator['authenticate']>[0];

export interface TokenVerifier extends Authenticator {
  /** The sender of a request, if its token was verified before and is still valid. */
  known(headers: Headers): Actor | undefined;
  /** For readiness: whether there are keys. Absent if they come from a file, which was read at the start. */
  readonly check?: () => Promise<Check>;
}

/** How much two clocks may differ. */
const TOLERANCE_SECONDS = 5;
const REMEMBERED = 1_000;

/**
 * Verifies bearer tokens (RFC 6750): signature, issuer, audience, expiry. Only access tokens are accepted. The actor is
 * `sub`, its roles are `realm_access.roles`, as in Keycloak's tokens. Throws `AtlasError` ATLAS_AUTH if a file has no
 * suitable key. If the issuer does not answer yet, the service starts, and `check` says so. A token is verified once
 * per set of keys, but its expiry is checked each time.
 */
export async function tokenVerifier(options: VerifierOptions): Promise<TokenVerifier> {
  const { keys, algorithms, clock, log, metrics } = options;
  if ('file' in keys) {
    const find = await keysOfFile(keys.file, algorithms);
    return verifierOf(options, { find, current: () => find });
  }
  const remote = new RemoteKeys({ url: keys.url, clock, log, metrics });
  await remote.refresh();
  return { ...verifierOf(options, remote), check: () => remote.check() };
}

interface Keys {
  readonly find: JWTVerifyGetKey;
  /** The identity of the current set of keys. Undefined if it has to be fetched. */
  current(): object | undefined;
}

function verifierOf(options: VerifierOptions, keys: Keys): TokenVerifier {
  const { issuer, audience, algorithms, toxicRoles, clock, remembered: most = REMEMBERED } = options;
  const tokens = new KnownTokens({ most, tolerance: TOLERANCE_SECONDS });
  // the key is the whole header, so that a known one need not be parsed
  const known = ({ authorization }: Headers): Actor | undefined =>
    typeof authorization === 'string' ? tokens.find(authorization, keys.current(), clock.now()) : undefined;
  return {
    known,
    authenticate: async (headers) => {
      const found = known(headers);
      if (found) return found;
      const { authorization } = headers;
      const token = bearerOf(authorization);
      const current = keys.current();
      try {
        const { payload, protectedHeader } = await jwtVerify(token, keys.find, {
          issuer,
          audience: typeof audience === 'string' ? audience : [...audience],
          algorithms: [...algorithms],
          clockTolerance: TOLERANCE_SECONDS,
          currentDate: clock.now(),
          requiredClaims: ['sub', 'exp'],
        });
        refuseOtherKinds(protectedHeader, payload);
        const actor = actorOf(payload);
        refuseToxicRoles(actor, toxicRoles);
        // not kept if other keys were fetched meanwhile, because it is unknown with which ones it was verified
        if (typeof authorization === 'string' && current !== undefined && keys.current() === current)
          tokens.keep(authorization, current, payload, actor);
        return actor;
      } catch (error) {
        throw error instanceof AtlasError ? error : refused(reasonOf(error), error);
      }
    },
  };
}

function reasonOf(error: unknown): string {
  if (error instanceof errors.JWTExpired) return 'the token has expired';
  if (error instanceof errors.JWTClaimValidationFailed) return `the token's ${error.claim} is not accepted here`;
  return 'the token is not accepted here';
}
