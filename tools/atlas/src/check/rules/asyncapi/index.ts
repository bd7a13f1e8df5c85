import type { Rule } from '../../rule.ts';
import { asyncapiUnsupported } from './asyncapiUnsupported.ts';
import { batchBounds } from './batchBounds.ts';
import { channelAddress } from './channelAddress.ts';
import { handlerDuplicate } from './handlerDuplicate.ts';
import { kafkaBinding } from './kafkaBinding.ts';
import { keyFields } from './keyFields.ts';
import { keyMalformed } from './keyMalformed.ts';
import { laterMalformed } from './laterMalformed.ts';
import { messageName } from './messageName.ts';
import { operationMessages } from './operationMessages.ts';
import { receiveChannel } from './receiveChannel.ts';
import { receiveEmits } from './receiveEmits.ts';
import { retryBounds } from './retryBounds.ts';
import { withoutEffect } from './withoutEffect.ts';

/** Rules about AsyncAPI documents. */
export const asyncapiRules: readonly Rule[] = [
  receiveChannel,
  operationMessages,
  keyMalformed,
  keyFields,
  channelAddress,
  kafkaBinding,
  retryBounds,
  batchBounds,
  receiveEmits,
  messageName,
  asyncapiUnsupported,
  handlerDuplicate,
  laterMalformed,
  withoutEffect,
];
