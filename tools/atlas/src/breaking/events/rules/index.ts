import type { EventRule } from '../context.ts';
import { cleanupPolicyChanged } from './cleanupPolicyChanged.ts';
import { consumerGroupChanged } from './consumerGroupChanged.ts';
import { consumerRenamed } from './consumerRenamed.ts';
import { correlationIdChanged } from './correlationIdChanged.ts';
import { deadLetterTopicChanged } from './deadLetterTopicChanged.ts';
import { effectTimeoutChanged } from './effectTimeoutChanged.ts';
import { emitsChanged } from './emitsChanged.ts';
import { handlerAdded } from './handlerAdded.ts';
import { keyChanged } from './keyChanged.ts';
import { laterRemoved } from './laterRemoved.ts';
import { messageAdded } from './messageAdded.ts';
import { messageKeyChanged } from './messageKeyChanged.ts';
import { messageNoLongerSent } from './messageNoLongerSent.ts';
import { messageRemoved } from './messageRemoved.ts';
import { messageSizeLowered } from './messageSizeLowered.ts';
import { partitionsLowered } from './partitionsLowered.ts';
import { partitionsRaised } from './partitionsRaised.ts';
import { payloadFormatChanged } from './payloadFormatChanged.ts';
import { replyAddressChanged } from './replyAddressChanged.ts';
import { replyAdded } from './replyAdded.ts';
import { replyMessageUnknown } from './replyMessageUnknown.ts';
import { replyRemoved } from './replyRemoved.ts';
import { retentionShortened } from './retentionShortened.ts';
import { retryChanged } from './retryChanged.ts';
import { topicOwnerChanged } from './topicOwnerChanged.ts';
import { topicRemoved } from './topicRemoved.ts';
import { topicRenamed } from './topicRenamed.ts';

/** Every rule of events. A test requires a case folder for each. */
export const eventRules: readonly EventRule[] = [
  topicRemoved,
  topicRenamed,
  topicOwnerChanged,
  keyChanged,
  partitionsLowered,
  partitionsRaised,
  retentionShortened,
  messageSizeLowered,
  cleanupPolicyChanged,
  messageRemoved,
  messageNoLongerSent,
  messageAdded,
  payloadFormatChanged,
  handlerAdded,
  messageKeyChanged,
  replyRemoved,
  replyAdded,
  replyAddressChanged,
  replyMessageUnknown,
  correlationIdChanged,
  consumerGroupChanged,
  consumerRenamed,
  emitsChanged,
  retryChanged,
  deadLetterTopicChanged,
  laterRemoved,
  effectTimeoutChanged,
];
