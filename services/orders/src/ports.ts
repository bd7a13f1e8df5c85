import type { Read, Tx } from '@atlas/runtime';
import type { AwaitingApproval, Draft, Order } from './domain/order.ts';

export type { Tx };

export interface OrderStore {
  insert(tx: Tx, order: Draft): Promise<void>;
  /**
   * Reads an order, and locks it until the transaction ends. Undefined if there is none. Throws `VersionConflict` if it
   * is not at version `expected`.
   */
  load(tx: Tx, orderId: string, expected?: bigint): Promise<Order | undefined>;
  /** Reads several orders, and locks them in the sequence of their ids. Those that do not exist are left out. */
  loadAll(tx: Tx, orderIds: readonly string[]): Promise<ReadonlyMap<string, Order>>;
  /** Reads without locking, for queries. */
  read(read: Read, orderId: string): Promise<Order | undefined>;
  /**
   * Writes the next version of an order that is locked, at the end of the transaction at the latest. If the stored
   * version is not the previous one, the transaction fails.
   */
  save(tx: Tx, order: Order): Promise<void>;
  /** Like `save`, for different orders that were PLACED and have got their stock. */
  saveReserved(tx: Tx, orders: readonly AwaitingApproval[]): Promise<void>;
}

/** SHA-256 of a text in UTF-8, as 64 hex digits. */
export type Sha256 = (text: string) => string;
