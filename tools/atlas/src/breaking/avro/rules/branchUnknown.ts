import { isForwardOnly, type AvroRule } from '../rule.ts';

export const branchUnknown: AvroRule = {
  id: 'avro-branch-unknown',
  purpose: 'A value may be of a branch of a union that the reader does not have, so the reader fails when it comes.',
  level: 'wire',
  safePath: (found, { readers, writers }) =>
    isForwardOnly(found)
      ? [
          `keep the schema of ${writers}, and add a field with the new type and a default beside ${found.field}`,
          `deploy ${readers} with this schema`,
          `then deploy ${writers}, which write the new field`,
        ]
      : [
          `keep the branch at ${found.field} as long as data with it may be read`,
          `stop writing it in ${writers} first`,
        ],
};
