import type { HttpRule } from '../context.ts';
import { basePathRemoved } from './basePathRemoved.ts';
import { bodyLimitLowered } from './bodyLimitLowered.ts';
import { cacheChanged } from './cacheChanged.ts';
import { methodRemoved } from './methodRemoved.ts';
import { operationEmitsChanged } from './operationEmitsChanged.ts';
import { operationIdChanged } from './operationIdChanged.ts';
import { outgoingBodyRemoved } from './outgoingBodyRemoved.ts';
import { outgoingMediaTypeAdded } from './outgoingMediaTypeAdded.ts';
import { outgoingParameterRemoved } from './outgoingParameterRemoved.ts';
import { outgoingRemoved } from './outgoingRemoved.ts';
import { parameterBecameRequired } from './parameterBecameRequired.ts';
import { parameterRemoved } from './parameterRemoved.ts';
import { parameterStyleChanged } from './parameterStyleChanged.ts';
import { pathRemoved } from './pathRemoved.ts';
import { pathTakenOver } from './pathTakenOver.ts';
import { requestBodyBecameRequired } from './requestBodyBecameRequired.ts';
import { requestBodyRemoved } from './requestBodyRemoved.ts';
import { requestMediaTypeRemoved } from './requestMediaTypeRemoved.ts';
import { requiredParameterAdded } from './requiredParameterAdded.ts';
import { responseHeaderRemoved } from './responseHeaderRemoved.ts';
import { responseMediaTypeRemoved } from './responseMediaTypeRemoved.ts';
import { responseStatusAdded } from './responseStatusAdded.ts';
import { securityNarrowed } from './securityNarrowed.ts';
import { timeoutChanged } from './timeoutChanged.ts';

/** Every rule of HTTP. A test requires a case folder for each. */
export const httpRules: readonly HttpRule[] = [
  pathRemoved,
  methodRemoved,
  basePathRemoved,
  pathTakenOver,
  requiredParameterAdded,
  parameterBecameRequired,
  parameterRemoved,
  parameterStyleChanged,
  requestBodyBecameRequired,
  requestBodyRemoved,
  requestMediaTypeRemoved,
  responseStatusAdded,
  responseMediaTypeRemoved,
  responseHeaderRemoved,
  securityNarrowed,
  operationIdChanged,
  outgoingRemoved,
  outgoingMediaTypeAdded,
  outgoingBodyRemoved,
  outgoingParameterRemoved,
  bodyLimitLowered,
  timeoutChanged,
  cacheChanged,
  operationEmitsChanged,
];
