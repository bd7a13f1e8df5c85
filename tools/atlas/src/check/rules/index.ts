import type { Rule } from '../rule.ts';
import { asyncapiUnsupported } from './asyncapiUnsupported.ts';
import { avroPayload } from './avroPayload.ts';
import { channelAddress } from './channelAddress.ts';
import { channelOwner } from './channelOwner.ts';
import { emitsRepeated } from './emitsRepeated.ts';
import { emitsUnknown } from './emitsUnknown.ts';
import { extensionUnknown } from './extensionUnknown.ts';
import { handlerDuplicate } from './handlerDuplicate.ts';
import { headerName } from './headerName.ts';
import { idempotencyOnSafe } from './idempotencyOnSafe.ts';
import { ifMatchResponses } from './ifMatchResponses.ts';
import { ifMatchWithoutEtag } from './ifMatchWithoutEtag.ts';
import { int64Unbounded } from './int64Unbounded.ts';
import { kafkaBinding } from './kafkaBinding.ts';
import { keyFields } from './keyFields.ts';
import { keyMalformed } from './keyMalformed.ts';
import { mediaType } from './mediaType.ts';
import { messageDuplicate } from './messageDuplicate.ts';
import { messageName } from './messageName.ts';
import { nobodySends } from './nobodySends.ts';
import { openapiUnsupported } from './openapiUnsupported.ts';
import { operationEmits } from './operationEmits.ts';
import { operationIdDuplicate } from './operationIdDuplicate.ts';
import { operationIdMissing } from './operationIdMissing.ts';
import { operationIdName } from './operationIdName.ts';
import { operationMessages } from './operationMessages.ts';
import { parameterDuplicate } from './parameterDuplicate.ts';
import { parameterUnsupported } from './parameterUnsupported.ts';
import { pathParameterUndeclared } from './pathParameterUndeclared.ts';
import { pathParameterUnused } from './pathParameterUnused.ts';
import { pathTemplate } from './pathTemplate.ts';
import { receiveChannel } from './receiveChannel.ts';
import { receiveEmits } from './receiveEmits.ts';
import { referenceKind } from './referenceKind.ts';
import { referenceSiblings } from './referenceSiblings.ts';
import { retryBounds } from './retryBounds.ts';
import { schemaImpossible } from './schemaImpossible.ts';
import { securityMissing } from './securityMissing.ts';
import { securitySchemeUnknown } from './securitySchemeUnknown.ts';
import { securityUnsupported } from './securityUnsupported.ts';
import { sentByStranger } from './sentByStranger.ts';
import { status } from './status.ts';
import { sunset } from './sunset.ts';
import { topicDuplicate } from './topicDuplicate.ts';
import { twoOwners } from './twoOwners.ts';

/** Atlas's own rules, one a file. */
export const rules: readonly Rule[] = [
  operationIdMissing,
  operationIdDuplicate,
  operationIdName,
  securityMissing,
  securitySchemeUnknown,
  securityUnsupported,
  pathParameterUndeclared,
  pathParameterUnused,
  pathTemplate,
  parameterUnsupported,
  parameterDuplicate,
  headerName,
  idempotencyOnSafe,
  ifMatchResponses,
  ifMatchWithoutEtag,
  int64Unbounded,
  schemaImpossible,
  mediaType,
  status,
  openapiUnsupported,
  operationEmits,
  sunset,
  receiveChannel,
  operationMessages,
  avroPayload,
  keyMalformed,
  keyFields,
  channelAddress,
  kafkaBinding,
  retryBounds,
  receiveEmits,
  messageName,
  asyncapiUnsupported,
  handlerDuplicate,
  topicDuplicate,
  sentByStranger,
  nobodySends,
  emitsUnknown,
  emitsRepeated,
  twoOwners,
  channelOwner,
  messageDuplicate,
  extensionUnknown,
  referenceKind,
  referenceSiblings,
];
