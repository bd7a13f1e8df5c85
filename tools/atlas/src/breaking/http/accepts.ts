import type { JsonValue } from '@atlas/ir';
import type { Alternative, Api, Operation, Parameter } from './api.ts';
import { acceptingType, isEnough, knownResponse } from './match.ts';
import type { RequestValue, ResponseValue } from './exchange.ts';
import type { Samples } from './samples.ts';

/**
 * What one version of an API accepts: the model with which the witnesses of rules are checked. It follows OpenAPI 3.1,
 * section 4.8.8.2 (concrete paths before templates), 4.8.12 (parameters), 4.8.14 (media types) and 4.8.30 (security),
 * and RFC 9110, section 12.5.1 (Accept).
 */
export class Acceptance {
  readonly #samples: Samples;
  /** Whole paths by method and number of segments, so that a request is not compared with all of them. */
  readonly #byLength: ReadonlyMap<
    string,
    readonly { readonly operation: Operation; readonly parts: readonly string[] }[]
  >;

  constructor(api: Api, samples: Samples) {
    this.#samples = samples;
    const templates = api.operations.flatMap((operation) =>
      operation.bases.map((base) => ({ operation, parts: (base + operation.path).split('/') })),
    );
    this.#byLength = Map.groupBy(templates, ({ operation, parts }) => `${operation.method} ${parts.length}`);
  }

  /** Whether a request with these credentials is accepted. */
  accepts({ method, url, headers, body }: RequestValue, given: Alternative): boolean {
    const target = URL.parse(url);
    const operation = target && this.#operationOf(method, target.pathname);
    if (!operation || !operation.security.some((wanted) => isEnough(given, wanted))) return false;
    for (const parameter of operation.parameters) {
      const texts =
        parameter.in === 'path' ? segmentOf(operation, parameter, target) : textsOf(parameter, target, headers);
      if (texts === undefined) continue;
      if (texts.length === 0 ? parameter.required : !this.#accepts(parameter, texts)) return false;
    }
    if (headers['accept'] !== undefined && !answersWith(operation, headers['accept'])) return false;
    const { body: expected } = operation;
    if (body === undefined) return expected?.required !== true;
    const type = headers['content-type'] ?? '';
    const media = expected && acceptingType(expected.content, type);
    return media !== undefined && this.#samples.accepts(media[1].schema, body, 'request');
  }

  /** Whether an operation declares a response. */
  declares(operation: Operation, { status, headers, body }: ResponseValue): boolean {
    const response = knownResponse(operation, String(status));
    if (!response) return false;
    for (const [name, header] of response.headers) if (header.required && headers[name] === undefined) return false;
    if (response.content.size === 0) return true;
    const media = acceptingType(response.content, headers['content-type'] ?? '');
    return media !== undefined && (body === undefined || this.#samples.accepts(media[1].schema, body, 'response'));
  }

  #operationOf(method: string, pathname: string): Operation | undefined {
    const segments = pathname.split('/');
    const near = this.#byLength.get(`${method} ${segments.length}`) ?? [];
    const matching = near.filter(({ parts }) => matches(parts, segments)).map(({ operation }) => operation);
    const variables = ({ path }: Operation): number => path.split('{').length;
    return matching.toSorted((a, b) => variables(a) - variables(b))[0];
  }

  /**
   * A text may mean a string, a number or a boolean; a list may be one text or many. Texts are as they were sent: a
   * comma that is escaped is not one between items (RFC 6570, section 3.2.1).
   */
  #accepts({ schema, style, explode }: Parameter, sent: readonly string[]): boolean {
    const texts = sent.map(decoded);
    const separator = { spaceDelimited: /%20|\+| /, pipeDelimited: /%7C|\|/i }[style] ?? /,/;
    const items = explode ? texts : sent.flatMap((text) => text.split(separator).map(decoded));
    const single = texts.length === 1 ? meaningsOf(texts[0] ?? '') : [];
    const lists = [items, items.map((item) => meaningsOf(item).at(-1) ?? item)];
    const isOneList = explode || texts.length === 1;
    return [...single, ...(isOneList ? lists : [])].some((value) => this.#samples.accepts(schema, value, 'request'));
  }
}

/** Whether some success has a body of this media type. A success without a body suits everybody. */
function answersWith({ responses }: Operation, type: string): boolean {
  const contents = [...responses].flatMap(([status, { content }]) => (status.startsWith('2') ? [content] : []));
  return contents.length === 0 || contents.some((content) => content.size === 0 || acceptingType(content, type));
}

function matches(parts: readonly string[], segments: readonly string[]): boolean {
  return parts.every(
    (part, index) => part === segments[index] || part.includes('{') || encodeURI(part) === segments[index],
  );
}

/** The segment of a path parameter; undefined if it shares its segment with something else. */
function segmentOf({ path }: Operation, { name }: Parameter, { pathname }: URL): readonly string[] | undefined {
  const parts = path.split('/');
  const index = parts.indexOf(`{${name}}`);
  // From the end, because a base path may stand before it.
  const text = index === -1 ? undefined : pathname.split('/').at(index - parts.length);
  return text === undefined ? undefined : [text];
}

/** The texts that a request has of a parameter, as they were sent; undefined if others may be meant, too. */
function textsOf(
  { in: where, name, style, explode, type }: Parameter,
  { search }: URL,
  headers: Readonly<Record<string, string>>,
): readonly string[] | undefined {
  if (style === 'deepObject' || (type === 'object' && explode)) return undefined;
  if (where === 'query') {
    const pairs = search === '' ? [] : search.slice(1).split('&');
    return pairs.flatMap((pair) => {
      const [key = '', ...value] = pair.split('=');
      return decoded(key) === name ? [value.join('=')] : [];
    });
  }
  if (where === 'cookie') return (headers['cookie'] ?? '').includes(`${name}=`) ? undefined : [];
  const text = headers[name.toLowerCase()];
  return text === undefined ? [] : [encodeURI(text)];
}

/** The text of a part of a URL (application/x-www-form-urlencoded); as it is if it is malformed. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return text;
  }
}

function meaningsOf(text: string): readonly JsonValue[] {
  if (text === 'true' || text === 'false') return [text, text === 'true'];
  return text.trim() !== '' && Number.isFinite(Number(text)) ? [text, Number(text)] : [text];
}
