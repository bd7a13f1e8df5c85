/** SHA-256 of a text in UTF-8, as 64 hex digits. */
export type Sha256 = (text: string) => string;

/** The hash before the first entry of a chain. */
const GENESIS = '0'.repeat(64);

/** One entry of the chain. `facts` is what a person did, as canonical text. */
export interface Entry {
  /** From 1, without gaps. */
  readonly seq: bigint;
  readonly facts: string;
  readonly hash: string;
}

type Fact = string | number | bigint | Date | readonly string[] | undefined;

/**
 * What a person did, as text: JSON with the keys in this sequence. Whole numbers are texts and times are RFC 3339, so
 * that every writer makes the same text. Undefined values are left out.
 */
export function factsOf(kind: string, facts: Readonly<Record<string, Fact>>): string {
  const texts = Object.entries(facts).map(([key, value]): [string, Fact] => [
    key,
    typeof value === 'bigint' ? value.toString() : value,
  ]);
  return JSON.stringify({ kind, ...Object.fromEntries(texts) });
}

/** The hash of an entry, which depends on all entries before it. */
export function link(previousHash: string, facts: string, sha256: Sha256): string {
  return sha256(`${previousHash}\n${facts}`);
}

/**
 * The number of the first entry that was changed, added or removed; undefined if all of them follow from `before`, the
 * entry that precedes them.
 */
export function firstBroken(
  entries: readonly Entry[],
  sha256: Sha256,
  before: Pick<Entry, 'seq' | 'hash'> = { seq: 0n, hash: GENESIS },
): bigint | undefined {
  let { seq, hash } = before;
  for (const entry of entries) {
    seq += 1n;
    hash = link(hash, entry.facts, sha256);
    if (entry.seq !== seq || entry.hash !== hash) return seq;
  }
  return undefined;
}
