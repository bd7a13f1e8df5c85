import type { OperationContract } from '../../contract/operation.ts';
import { noBody } from '../../http/body.ts';
import { invalid, Refusal } from '../../http/problem.ts';

const OF_BODY: ReadonlySet<unknown> = new Set(['FST_ERR_CTP_BODY_TOO_LARGE', 'FST_ERR_CTP_INVALID_MEDIA_TYPE']);

/**
 * Turns Fastify's own errors into refusals for the caller. Other errors stay as they are. If the operation takes no
 * body, its contract has neither 413 nor 415, and any body is the mistake.
 */
export function refusalOf(error: unknown, operation?: Pick<OperationContract, 'id' | 'body'>): unknown {
  if (!(error instanceof Error) || !('code' in error)) return error;
  if (operation !== undefined && operation.body === undefined && OF_BODY.has(error.code)) return noBody(operation);
  switch (error.code) {
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return new Refusal({ code: 'body-too-large', detail: 'the body is larger than this service takes' });
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
      return new Refusal({ code: 'unsupported-media-type', detail: 'Content-Type is missing or is not a media type' });
    case 'FST_ERR_CTP_INVALID_CONTENT_LENGTH':
      return new Refusal({ code: 'malformed-body', detail: 'the body is not as long as Content-Length says' });
    case 'FST_ERR_BAD_URL':
      return invalid([{ pointer: '/path', detail: 'is not well percent-encoded' }]);
    case 'FST_ERR_MAX_PARAM_LENGTH':
      return new Refusal({ code: 'path-too-long', detail: 'a segment of the path is too long' });
    case 'ECONNRESET':
      // nobody reads this response, but metrics must not count it as a fault of the service
      return new Refusal({ code: 'malformed-body', detail: 'the request ended before its body did' });
    default:
      return error;
  }
}
