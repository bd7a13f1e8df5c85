import type { EventRule } from '../context.ts';
import { bytes, loweredSetting } from '../loweredSetting.ts';

export const messageSizeLowered: EventRule = {
  id: 'message-size-lowered',
  purpose: 'A topic accepts only smaller records, so the broker refuses events that it accepted.',
  level: 'wire',
  check: (context) =>
    loweredSetting(context, {
      change: 'message-size-lowered',
      setting: 'max.message.bytes',
      standard: 1_048_588,
      says: (before, after) => `accepts records of ${bytes(after)} instead of ${bytes(before)}`,
      note: (after) => `of ${after + 1} bytes`,
      verdict: 'the old version accepts this record, and the new one refuses it',
      safePath: () => ['find the largest event that producers send', 'lower it to no less than that'],
    }),
};
