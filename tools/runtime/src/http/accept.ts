import type { OperationContract } from '../contract/operation.ts';
import { Refusal } from './problem.ts';
import { TEXT_MEDIA_TYPES, type TextMediaType } from './textMediaTypes.ts';

/** Longer headers are not read. A browser's header has about 150 characters and ten ranges. */
const MAX_LENGTH = 2_000;
const MAX_RANGES = 50;

/** A media type that can be sent, with its parameters. */
interface Offer {
  readonly mediaType: string;
  readonly parameters: Readonly<Record<string, string>>;
}

/**
 * Makes the function that chooses the media type of a 200 by the request's Accept (RFC 9110, section 12.5.1). Undefined
 * if the operation offers no choice. Of types with the same weight, the first is chosen; JSON comes before all others.
 * The function throws `Refusal` 406 if none is acceptable.
 *
 * A header that is empty, malformed or too long is treated as absent. The header is only a preference, which section
 * 12.1 allows a server to ignore, and some libraries send `*; q=.2`. The whole header is ignored, because a part of it
 * may mean something else than the whole.
 */
export function chooserOf({
  id,
  responses,
}: Pick<OperationContract, 'id' | 'responses'>): ((accept: string | undefined) => string) | undefined {
  const { mediaType: json = 'application/json', texts } = responses[200] ?? {};
  if (texts === undefined) return undefined;
  const offers = [json, ...texts].map(offerOf);
  return (accept) => {
    const ranges = accept === undefined ? undefined : rangesOf(accept);
    if (ranges === undefined) return json;
    let best: { readonly mediaType: string; readonly weight: number } | undefined;
    for (const offer of offers) {
      const weight = weightOf(offer, ranges);
      if (weight > (best?.weight ?? 0)) best = { mediaType: offer.mediaType, weight };
    }
    if (best) return best.mediaType;
    const names = offers.map(({ mediaType }) => mediaType).join(', ');
    throw new Refusal({ code: 'not-acceptable', detail: `${id} answers with one of ${names}: send Accept with one` });
  };
}

function offerOf(mediaType: string): Offer {
  return { mediaType, parameters: isText(mediaType) ? TEXT_MEDIA_TYPES[mediaType].parameters : { charset: 'utf-8' } };
}

function isText(mediaType: string): mediaType is TextMediaType {
  return Object.hasOwn(TEXT_MEDIA_TYPES, mediaType);
}

/** A media range in lower case: `text/*;q=0.5` is type `text`, subtype `*`, weight 0.5. */
interface MediaRange {
  readonly type: string;
  readonly subtype: string;
  readonly parameters: readonly (readonly [name: string, value: string])[];
  readonly weight: number;
}

/** The weight that the most specific of the matching ranges gives an offer. 0 if none matches. */
function weightOf({ mediaType, parameters }: Offer, ranges: readonly MediaRange[]): number {
  const [type, subtype] = mediaType.toLowerCase().split('/');
  let weight = 0;
  let closest = -1;
  for (const range of ranges) {
    if (range.type !== '*' && range.type !== type) continue;
    if (range.subtype !== '*' && range.subtype !== subtype) continue;
    // an unknown parameter, such as a version, is accepted; another charset is not
    const known = range.parameters.filter(([name]) => Object.hasOwn(parameters, name));
    if (known.some(([name, value]) => parameters[name] !== value)) continue;
    const closeness = (range.type === '*' ? 0 : range.subtype === '*' ? 1 : 2) * MAX_LENGTH + known.length;
    // if two ranges are equally specific, the first one decides
    if (closeness <= closest) continue;
    closest = closeness;
    weight = range.weight;
  }
  return weight;
}

const TOKEN = String.raw`[!#$%&'*+.^_\`|~0-9a-z-]+`;
const QUOTED = String.raw`"(?:[^"\\\u0000-\u0008\u000a-\u001f\u007f]|\\[\t -~\u0080-\u00ff])*"`;
const RANGE = new RegExp(String.raw`(${TOKEN})/(${TOKEN})`, 'y');
const PARAMETER = new RegExp(String.raw`[ \t]*;[ \t]*(?:(${TOKEN})=(${TOKEN}|${QUOTED}))?`, 'y');
const SEPARATOR = /[ \t]*(?:,[ \t]*)+|[ \t]*$/y;
const LEADING = /[ \t,]*/y;
const WEIGHT = /^(?:0(?:\.\d{0,3})?|1(?:\.0{0,3})?)$/;

/** The ranges of a header in the grammar of RFC 9110, section 12.5.1. Undefined if it does not follow it. */
function rangesOf(header: string): readonly MediaRange[] | undefined {
  if (header.length > MAX_LENGTH) return undefined;
  const text = header.toLowerCase();
  const ranges: MediaRange[] = [];
  let at = 0;
  /** Matches the pattern at the current position, and moves the position behind the match. */
  const next = (pattern: RegExp): RegExpExecArray | undefined => {
    pattern.lastIndex = at;
    const found = pattern.exec(text);
    if (found) at = pattern.lastIndex;
    return found ?? undefined;
  };
  next(LEADING);
  while (at < text.length) {
    const [, type = '', subtype = ''] = next(RANGE) ?? [];
    if (type === '' || (type === '*' && subtype !== '*') || ranges.length === MAX_RANGES) return undefined;
    const parameters: (readonly [string, string])[] = [];
    let weight = '1';
    for (let found = next(PARAMETER); found; found = next(PARAMETER)) {
      const [, name, value = ''] = found;
      if (name === 'q') weight = value;
      else if (name !== undefined) parameters.push([name, plain(value)]);
    }
    if (!WEIGHT.test(weight) || !next(SEPARATOR)) return undefined;
    ranges.push({ type, subtype, parameters, weight: Number(weight) });
  }
  return ranges.length > 0 ? ranges : undefined;
}

/** The value of a parameter, without quotes. */
function plain(value: string): string {
  return value.startsWith('"') ? value.slice(1, -1).replaceAll(/\\(.)/g, '$1') : value;
}
