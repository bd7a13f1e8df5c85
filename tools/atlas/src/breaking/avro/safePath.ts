import type { AvroBreak } from './compareAvro.ts';

/** Who reads and who writes, as a safe path names them: `the readers (seats)`. */
export interface Who {
  readonly readers: string;
  readonly writers: string;
}

export const SOMEBODY: Who = { readers: 'the readers', writers: 'the writers' };

/** The steps that lead to the same end without a break. */
export function avroSafePath({ kind, field, readings }: AvroBreak, { readers, writers }: Who): readonly string[] {
  const reads = (what: string): string => `deploy ${readers} with ${what}`;
  const [first] = readings;
  const isForwardOnly = first === 'forward' && readings.length === 1;
  switch (kind) {
    case 'field':
      if (isForwardOnly)
        return [
          `keep ${field} and give it a default`,
          reads('this schema'),
          `then remove it, and deploy ${writers} with the new schema`,
        ];
      return [`give ${field} a default`, `deploy ${readers} and ${writers} in any order`];
    case 'symbol':
      if (isForwardOnly)
        return [
          'give the enum a default',
          reads('this schema'),
          `then add the symbol, and deploy ${writers} with the new schema`,
        ];
      return ['keep the symbol as long as data with it may be read, or give the enum a default', reads('this schema')];
    case 'branch':
      if (isForwardOnly)
        return [
          `keep the schema of ${writers}, and add a field with the new type and a default beside ${field}`,
          reads('this schema'),
          `then deploy ${writers}, which write the new field`,
        ];
      return [`keep the branch at ${field} as long as data with it may be read`, `stop writing it in ${writers} first`];
    case 'name':
      return ['keep the name, because readers look for it', 'if it must change, add it as a new type in a new topic'];
    default:
      return [
        `keep ${field}, and add a second field of the new type with a default beside it`,
        `deploy ${writers}, which write both`,
        `${reads('this schema')}, which read the new field`,
        'give the first field a default, deploy the readers again, and then remove it',
      ];
  }
}
