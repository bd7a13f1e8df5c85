import { AtlasError } from '../../contract/atlasError.ts';
import type { SendRefusal } from '../../ports/kafka.ts';

/** The topic is at fault: it does not exist, or this user may not write it. */
const OF_TOPIC = new Set([
  'UNKNOWN_TOPIC_OR_PARTITION',
  'INVALID_TOPIC_EXCEPTION',
  'TOPIC_AUTHORIZATION_FAILED',
  'CLUSTER_AUTHORIZATION_FAILED',
  'POLICY_VIOLATION',
]);

/** A record is at fault, and always will be (Kafka protocol, error codes 10, 18, 32, 43, 87). */
const OF_RECORD = new Set([
  'MESSAGE_TOO_LARGE',
  'RECORD_LIST_TOO_LARGE',
  'INVALID_TIMESTAMP',
  'UNSUPPORTED_FOR_MESSAGE_FORMAT',
  'INVALID_RECORD',
]);

/** Turns an error of kafkajs into ATLAS_KAFKA_SEND. It is retriable unless retries can never help. */
export function sendError(error: unknown): AtlasError {
  const type = typeOf(error);
  const reason = error instanceof Error ? error.message : String(error);
  const detail: SendRefusal = OF_TOPIC.has(type)
    ? { retriable: false, reason: `${type}: ${reason}`, about: 'topic' }
    : OF_RECORD.has(type)
      ? { retriable: false, reason: `${type}: ${reason}`, about: 'record' }
      : { retriable: true, reason };
  return new AtlasError('ATLAS_KAFKA_SEND', `Kafka did not take the records: ${reason}`, { cause: error, detail });
}

/** The broker's name for the error, which kafkajs wraps. Empty if the error does not come from the broker. */
export function typeOf(error: unknown): string {
  for (let cause = error, depth = 0; cause instanceof Error && depth < 5; cause = cause.cause, depth++) {
    if ('type' in cause && typeof cause.type === 'string') return cause.type;
  }
  return '';
}

/** Why a member could not join. If `detail.answered`, the broker refused, so waiting alone may not help. */
export function joinError(group: string, error: unknown): AtlasError {
  const reason = error instanceof Error ? error.message : String(error);
  const answered = typeOf(error) !== '' || (error instanceof Error && /SASL/.test(error.name));
  return new AtlasError('ATLAS_KAFKA_JOIN', `can't join group ${group}: ${reason}`, {
    cause: error,
    detail: { answered },
  });
}
