/** Something that is kept in stock and sold. */
export interface Item {
  readonly sku: string;
  readonly name: string;
  /** The unit that every quantity of the item counts. */
  readonly baseUnit: string;
  /** 1 for a new item, and one more for each committed change. */
  readonly version: bigint;
}

export interface Warehouse {
  readonly warehouseId: string;
  /** Unique; warehouses are tried in the order of their codes. */
  readonly code: string;
  readonly name: string;
  readonly version: bigint;
}

/** The item under another name. Undefined if it has this name already, so that there is no new version. */
export function rename(item: Item, name: string): Item | undefined {
  return item.name === name ? undefined : { ...item, name, version: item.version + 1n };
}
