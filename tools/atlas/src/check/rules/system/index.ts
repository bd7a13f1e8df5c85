import type { Rule } from '../../rule.ts';
import { channelOwner } from './channelOwner.ts';
import { configuredRoleUnknown } from './configuredRoleUnknown.ts';
import { emitsRepeated } from './emitsRepeated.ts';
import { emitsUnknown } from './emitsUnknown.ts';
import { extensionUnknown } from './extensionUnknown.ts';
import { nobodySends } from './nobodySends.ts';
import { pathOfTwoServices } from './pathOfTwoServices.ts';
import { referenceKind } from './referenceKind.ts';
import { referenceSiblings } from './referenceSiblings.ts';
import { sentByStranger } from './sentByStranger.ts';
import { topicDuplicate } from './topicDuplicate.ts';
import { twoOwners } from './twoOwners.ts';

/** Rules about several documents: which service owns, sends and receives what, and what refers to what. */
export const systemRules: readonly Rule[] = [
  topicDuplicate,
  sentByStranger,
  nobodySends,
  emitsUnknown,
  emitsRepeated,
  twoOwners,
  channelOwner,
  pathOfTwoServices,
  configuredRoleUnknown,
  extensionUnknown,
  referenceKind,
  referenceSiblings,
];
