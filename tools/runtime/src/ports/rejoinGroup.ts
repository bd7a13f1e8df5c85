import { AtlasError } from '../contract/atlasError.ts';

/** Thrown out of a batch whose partition belongs to somebody else by now: the consumer leaves it and joins its group again. */
export class RejoinGroup extends AtlasError {
  constructor(topic: string, partition: number) {
    super('ATLAS_FENCED', `another member of the group has taken over ${topic}/${partition}: joining again`);
    this.name = 'RejoinGroup';
  }
}
