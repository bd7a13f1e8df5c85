import { isObject, type JsonObject, type JsonValue } from '@atlas/ir';

export interface Credential {
  readonly type: string;
  readonly scopes: readonly string[];
  /** How a request carries it, such as `header x-key` or `HTTP bearer`. */
  readonly carrier: string;
  /** Where clients get it: the kinds of the flows, or the discovery address. */
  readonly sources: readonly string[];
}

/**
 * What a client needs for a security scheme (OpenAPI 3.1, section 4.8.27). It depends on the scheme itself, and not on
 * its name. `name` is for a scheme that the document does not define.
 */
export function credentialOf(name: string, scheme: JsonValue | undefined, scopes: readonly string[]): Credential {
  const members: JsonObject = isObject(scheme) ? scheme : {};
  const { type, in: where, name: key, scheme: kind, flows, openIdConnectUrl } = members;
  switch (type) {
    case 'apiKey': {
      // Case does not matter in the names of headers (RFC 9110, section 5.1).
      const spot = where === 'header' ? String(key).toLowerCase() : String(key);
      return { type, scopes, carrier: `${String(where)} ${spot}`, sources: [] };
    }
    case 'http':
      // Nor in the names of schemes (RFC 9110, section 11.1).
      return { type, scopes, carrier: `HTTP ${String(kind).toLowerCase()}`, sources: [] };
    case 'oauth2':
      return { type, scopes, carrier: BEARER, sources: isObject(flows) ? Object.keys(flows) : [] };
    case 'openIdConnect':
      return { type, scopes, carrier: BEARER, sources: [String(openIdConnectUrl)] };
    case 'mutualTLS':
      return { type, scopes, carrier: 'client certificate', sources: [] };
    default:
      return { type: `unknown ${name}`, scopes, carrier: `unknown ${name}`, sources: [] };
  }
}

/** How tokens of OAuth 2 and OpenID Connect are sent: RFC 6750, section 2.1. */
const BEARER = 'HTTP bearer';
