import { RejoinGroup, type Position } from '../ports/kafka.ts';
import type { BoundStatement, SqlSession, SqlValue, Store } from '../ports/sql.ts';
import {
  CHECK_FENCE,
  DATABASE_TIME,
  KEEP_AS_OF,
  KEEP_OFFSET,
  KEEP_OFFSET_WITH_EFFECTS,
  RAISE_FENCE,
} from './statements.ts';

/** A member's right to write the effects of a partition's records. It ends when another member raises the epoch. */
export interface Fence {
  readonly topic: string;
  readonly partition: number;
  readonly epoch: bigint;
  /** The first offset that was not consumed when the epoch was raised. Undefined if the database does not know it. */
  readonly next: bigint | undefined;
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

  /** Makes the next `of` raise the epoch again, which reads the offset again. */
  forget({ topic, partition }: Fence): void {
    delete this.#owned.get(nameOf(topic, partition))?.fence;
  }

  /** Must be part of each transaction. Throws `RejoinGroup` if the partition has another owner now. */
  async check(session: SqlSession, fence: Fence): Promise<void> {
    const rows = await session.query(CHECK_FENCE, this.values(fence));
    if (rows.length === 0) throw new RejoinGroup(fence.topic, fence.partition);
  }

  /** Group, topic, partition and epoch, as parameters of a statement that checks the fence itself. */
  values({ topic, partition, epoch }: Fence): readonly SqlValue[] {
    return [this.#group, topic, partition, epoch];
  }

  /**
   * Keeps the first offset that is not consumed yet, after the effects of the records before it are committed.
   * `writtenAt` is the timestamp of the last of them. Throws `RejoinGroup` if the partition has another owner now.
   */
  async keep({ topic, partition, epoch }: Fence, next: bigint, writtenAt: Date | null): Promise<void> {
    const rows = await this.#store.read((session) =>
      session.query(KEEP_OFFSET, [this.#group, topic, partition, epoch, next, writtenAt]),
    );
    if (rows.length === 0) throw new RejoinGroup(topic, partition);
  }

  /**
   * What `keep` does, as a statement of the transaction that writes the effects, so that a reader of both sees values
   * that belong together. That transaction must check the fence, and no record of the partition from `next` on may be
   * consumed yet. Run it last, because a reader of all partitions waits for this row.
   */
  keepsWithEffects(fence: Fence, next: bigint, writtenAt: Date): BoundStatement {
    return { statement: KEEP_OFFSET_WITH_EFFECTS, values: [...this.values(fence), next, writtenAt] };
  }

  /** The time of the database. Ask for it before the ends of the partitions. */
  async now(): Promise<Date | undefined> {
    const [row] = await this.#store.read((session) => session.query<{ now: Date }>(DATABASE_TIME));
    return row?.now;
  }

  /**
   * The partitions ended at these offsets at the instant `at`. Stores the instant for those that are consumed up to
   * these ends.
   */
  async keepAsOf(ends: readonly Pick<Position, 'topic' | 'partition' | 'high'>[], at: Date): Promise<void> {
    const mine: { readonly fence: Fence; readonly high: bigint }[] = [];
    for (const { topic, partition, high } of ends) {
      const fence = await this.#owned.get(nameOf(topic, partition))?.fence?.catch(() => undefined);
      if (fence) mine.push({ fence, high });
    }
    if (mine.length === 0) return;
    const columns = [
      mine.map(({ fence }) => fence.topic),
      mine.map(({ fence }) => fence.partition),
      mine.map(({ fence }) => fence.epoch),
      mine.map(({ high }) => high),
    ];
    await this.#store.read((session) => session.query(KEEP_AS_OF, [this.#group, ...columns, at]));
  }

  async #raise(topic: string, partition: number): Promise<Fence> {
    const [row] = await this.#store.transaction((session) =>
      session.query<{ epoch: bigint; next_offset: bigint | null }>(RAISE_FENCE, [this.#group, topic, partition]),
    );
    if (!row) throw new RejoinGroup(topic, partition);
    return { topic, partition, epoch: row.epoch, next: row.next_offset ?? undefined };
  }
}

function nameOf(topic: string, partition: number): string {
  return `${topic}/${partition}`;
}
