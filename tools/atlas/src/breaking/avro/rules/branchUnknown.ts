import { isForwardOnly, type AvroRule } from '../rule.ts';

export const branchUnknown: AvroRule = {
  id: 'avro-branch-unknown',
  purpose: 'A value may belong to a branch of a union that the reader does not have, so the reader fails on it.',
  level: 'wire',
  safePath: (found, { readers, writers }) =>
    isForwardOnly(found)
      ? [
          `keep the schema of ${writers}, and add a field with the new type and a default beside ${found.field}`,
          `deploy ${readers} with this schema`,
          `deploy ${writers}, which write the new field`,
        ]
      : [
          `keep the branch at ${found.field} as long as data with it may be read`,
          `stop writing it in ${writers} first`,
        ],
};
