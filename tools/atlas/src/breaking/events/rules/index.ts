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
import { partitionsLowered, partitionsRaised } from './partitionsChanged.ts';
import { payloadFormatChanged } from './payloadFormatChanged.ts';
import { replyAddressChanged } from './replyAddressChanged.ts';
import { replyAdded } from './replyAdded.ts';
import { replyMessageUnknown } from './replyMessageUnknown.ts';
import { replyRemoved } from './replyRemoved.ts';
import { retryChanged } from './retryChanged.ts';
import { messageSizeLowered, retentionShortened } from './settingLowered.ts';
import { topicOwnerChanged } from './topicOwnerChanged.ts';
import { topicRemoved, topicRenamed } from './topicRemoved.ts';

/** Every rule of events. A test wants a case folder for each. */
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
