import { RejoinGroup } from '../ports/kafka.ts';
import type { SqlSession, SqlValue, Store } from '../ports/sql.ts';
import { CHECK_FENCE, RAISE_FENCE } from './statements.ts';

/** A member's right to write the effects of a partition's records. It ends when another member raises the epoch. */
export interface Fence {
  readonly topic: string;
  readonly partition: number;
  readonly epoch: bigint;
}

/** The fences of the partitions that this member owns. Each epoch is raised once after each join. */
export class Fences {
  readonly #store: Store;
  readonly #group: string;
  #owned = new Map<string, { readonly topic: string; readonly partition: number; fence?: Promise<Fence> }>();

  constructor(store: Store, group: string) {
    this.#store = store;
    this.#group = group;
  }

  /** The member has joined the group. Fences from before the join are not valid any more. */
  assigned(partitions: readonly { readonly topic: string; readonly partition: number }[]): void {
    this.#owned = new Map(partitions.map((owned) => [nameOf(owned.topic, owned.partition), { ...owned }]));
  }

  owned(): readonly { readonly topic: string; readonly partition: number }[] {
    return [...this.#owned.values()];
  }

  owns(topic: string, partition: number): boolean {
    return this.#owned.has(nameOf(topic, partition));
  }

  /**
   * The fence of this join; the first call raises the epoch. Throws `RejoinGroup` if the member does not own the
   * partition.
   */
  async of(topic: string, partition: number): Promise<Fence> {
    const owned = this.#owned.get(nameOf(topic, partition));
    if (!owned) throw new RejoinGroup(topic, partition);
    owned.fence ??= this.#raise(topic, partition).catch((error: unknown) => {
      delete owned.fence;
      throw error;
    });
    return owned.fence;
  }

  /** Must be part of each transaction. Throws `RejoinGroup` if the partition has another owner now. */
  async check(session: SqlSession, fence: Fence): Promise<void> {
    const rows = await session.query(CHECK_FENCE, this.values(fence));
    if (rows.length === 0) throw new RejoinGroup(fence.topic, fence.partition);
  }

  /** Group, topic, partition and epoch, for a statement that checks the fence itself. */
  values({ topic, partition, epoch }: Fence): readonly SqlValue[] {
    return [this.#group, topic, partition, epoch];
  }

  async #raise(topic: string, partition: number): Promise<Fence> {
    const [row] = await this.#store.transaction((session) =>
      session.query<{ epoch: bigint }>(RAISE_FENCE, [this.#group, topic, partition]),
    );
    if (!row) throw new RejoinGroup(topic, partition);
    return { topic, partition, epoch: row.epoch };
  }
}

function nameOf(topic: string, partition: number): string {
  return `${topic}/${partition}`;
}
