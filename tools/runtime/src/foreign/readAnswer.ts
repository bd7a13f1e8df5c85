import { secondsOf } from '../client/answerOf.ts';
import type { ProblemError } from '../contract/handler.ts';
import type { Json } from '../contract/operation.ts';
import { RETRY_AFTER } from '../http/headerNames.ts';
import { toPrimitive } from '../http/params/value.ts';
import { readJson } from '../http/readJson.ts';
import type { AnswerContract, ForeignContract } from './contract.ts';

/** An answer, whatever its operation; `ForeignAnswer` narrows it. */
export interface AnyForeignAnswer {
  readonly status: number | string;
  /** The status as a number, if `status` is a range or `default`. */
  readonly httpStatus?: number;
  readonly body?: unknown;
  readonly problem?: unknown;
  readonly headers?: Readonly<Record<string, string | number | boolean>>;
  /** Seconds. */
  readonly retryAfter?: number;
}

/** An answer of the document, or what is wrong with it. The text quotes no values, because they may be secret. */
export type ReadAnswer = { readonly answer: AnyForeignAnswer } | { readonly wrong: string };

/** Reads a response, at most `maxBytes` of it after decompression, and checks it against the document. */
export async function readAnswer(
  { method, answers }: ForeignContract,
  response: Response,
  { maxBytes, retryAfter }: { readonly maxBytes: number; readonly retryAfter: number | undefined },
): Promise<ReadAnswer> {
  const { status } = response;
  const spelled = [String(status), `${Math.floor(status / 100)}XX`, 'default'].find((key) =>
    Object.hasOwn(answers, key),
  );
  const contract = spelled === undefined ? undefined : answers[spelled];
  if (spelled === undefined || !contract) {
    await response.body?.cancel();
    return { wrong: `answers ${status}, which the document does not declare` };
  }
  const headers = headersOf(contract, response.headers);
  if ('wrong' in headers) {
    await response.body?.cancel();
    return { wrong: `answers ${status} with ${headers.wrong}` };
  }
  const head = {
    ...(spelled === String(status) ? { status } : { status: spelled, httpStatus: status }),
    ...headers,
    ...(retryAfter === undefined ? {} : { retryAfter }),
  };
  if (contract.kind === 'empty' || method === 'HEAD') {
    await response.body?.cancel();
    return { answer: head };
  }
  const content = await contentOf(contract, response, maxBytes);
  if ('wrong' in content) return { wrong: `answers ${status} with ${content.wrong}` };
  return { answer: { ...head, [contract.kind === 'problem' ? 'problem' : 'body']: content.value } };
}

async function contentOf(
  { validate }: AnswerContract,
  response: Response,
  maxBytes: number,
): Promise<{ readonly value: Json } | { readonly wrong: string }> {
  const mediaType = (response.headers.get('content-type') ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
  if (!/^[a-z]+\/(\S+\+)?json$/.test(mediaType)) {
    await response.body?.cancel();
    return { wrong: mediaType === '' ? 'a body without a content type' : 'a content type that is not JSON' };
  }
  const bytes = await bytesWithin(response, maxBytes);
  if (bytes === undefined) return { wrong: `a body of more than ${maxBytes} bytes` };
  const read = readJson(bytes);
  if ('malformed' in read) return { wrong: `a body that is not JSON${read.malformed}` };
  if ('fault' in read) return { wrong: unfit(read.fault) };
  const [error] = validate?.(read.value) ?? [];
  return error ? { wrong: unfit(error) } : { value: read.value };
}

/** The whole body; undefined if it is longer. The rest of a longer one is not read. */
async function bytesWithin(response: Response, maxBytes: number): Promise<Buffer | undefined> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > maxBytes) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function headersOf(
  { headers: declared, validateHeaders }: AnswerContract,
  headers: Headers,
): Pick<AnyForeignAnswer, 'headers'> | { readonly wrong: string } {
  if (!declared) return {};
  const values = Object.fromEntries(
    Object.entries(declared).flatMap(([name, kind]) => {
      const text = headers.get(name);
      return text === null ? [] : [[name, toPrimitive(kind, text)] as const];
    }),
  );
  const [error] = validateHeaders?.(values) ?? [];
  return error ? { wrong: `a header that does not fit the document: ${shown(error)}` } : { headers: values };
}

function unfit(error: ProblemError): string {
  return `a body that does not fit the document: ${shown(error)}`;
}

function shown({ pointer, detail }: ProblemError): string {
  return pointer === '' ? detail : `${pointer} ${detail}`;
}

/** `Retry-After` in seconds (RFC 9110, section 10.2.3): a number, or a date that is compared with `now`. */
export function retryAfterOf(headers: Headers, now: Date): number | undefined {
  const seconds = secondsOf(headers);
  if (seconds !== undefined) return seconds;
  const text = headers.get(RETRY_AFTER) ?? '';
  const at = /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/.test(text)
    ? Date.parse(text)
    : Number.NaN;
  return Number.isNaN(at) ? undefined : Math.max(0, Math.ceil((at - now.getTime()) / 1_000));
}
