import type { Rule } from '../../rule.ts';
import { discriminatorMapping } from './discriminatorMapping.ts';
import { edgeKeys } from './edgeKeys.ts';
import { foreignOperation } from './foreignOperation.ts';
import { headerName } from './headerName.ts';
import { idempotencyOnSafe } from './idempotencyOnSafe.ts';
import { ifMatchAnyTag } from './ifMatchAnyTag.ts';
import { ifMatchWithoutEtag } from './ifMatchWithoutEtag.ts';
import { int64Unbounded } from './int64Unbounded.ts';
import { keywordUnknown } from './keywordUnknown.ts';
import { mediaType } from './mediaType.ts';
import { openapiUnsupported } from './openapiUnsupported.ts';
import { operationEmits } from './operationEmits.ts';
import { operationIdDuplicate } from './operationIdDuplicate.ts';
import { operationIdMissing } from './operationIdMissing.ts';
import { operationIdName } from './operationIdName.ts';
import { parameterDuplicate } from './parameterDuplicate.ts';
import { parameterUnsupported } from './parameterUnsupported.ts';
import { pathOfReference } from './pathOfReference.ts';
import { pathParameterUndeclared } from './pathParameterUndeclared.ts';
import { pathParameterUnused } from './pathParameterUnused.ts';
import { pathTemplate } from './pathTemplate.ts';
import { patternSlow } from './patternSlow.ts';
import { plumbingAnswers } from './plumbingAnswers.ts';
import { schemaEndless } from './schemaEndless.ts';
import { schemaImpossible } from './schemaImpossible.ts';
import { securityMissing } from './securityMissing.ts';
import { securitySchemeUnknown } from './securitySchemeUnknown.ts';
import { securityUnsupported } from './securityUnsupported.ts';
import { serverPath } from './serverPath.ts';
import { status } from './status.ts';
import { sunset } from './sunset.ts';
import { toxicRolesNeeded } from './toxicRolesNeeded.ts';
import { webhookSender } from './webhookSender.ts';

/** Rules about OpenAPI documents. */
export const openapiRules: readonly Rule[] = [
  operationIdMissing,
  operationIdDuplicate,
  operationIdName,
  securityMissing,
  securitySchemeUnknown,
  securityUnsupported,
  pathParameterUndeclared,
  pathParameterUnused,
  pathTemplate,
  pathOfReference,
  serverPath,
  parameterUnsupported,
  parameterDuplicate,
  headerName,
  idempotencyOnSafe,
  plumbingAnswers,
  ifMatchWithoutEtag,
  ifMatchAnyTag,
  int64Unbounded,
  schemaImpossible,
  keywordUnknown,
  schemaEndless,
  patternSlow,
  discriminatorMapping,
  mediaType,
  status,
  openapiUnsupported,
  operationEmits,
  sunset,
  edgeKeys,
  toxicRolesNeeded,
  foreignOperation,
  webhookSender,
];

/** The rules that also apply to documents of outside systems: what they find breaks a client. */
export const foreignRules: readonly Rule[] = [
  pathParameterUndeclared,
  parameterDuplicate,
  schemaEndless,
  patternSlow,
  discriminatorMapping,
];
