const SEED = 0x9747b28c;
const M = 0x5bd1e995;

/** MurmurHash2 as a signed number of 32 bits, like `org.apache.kafka.common.utils.Utils.murmur2`. */
export function murmur2(data: Uint8Array): number {
  const { length } = data;
  const whole = length & ~3;
  let h = SEED ^ length;
  for (let i = 0; i < whole; i += 4) {
    let k = byte(data, i) | (byte(data, i + 1) << 8) | (byte(data, i + 2) << 16) | (byte(data, i + 3) << 24);
    k = Math.imul(k, M);
    k ^= k >>> 24;
    h = Math.imul(h, M) ^ Math.imul(k, M);
  }
  const left = length - whole;
  if (left === 3) h ^= byte(data, whole + 2) << 16;
  if (left >= 2) h ^= byte(data, whole + 1) << 8;
  if (left >= 1) h = Math.imul(h ^ byte(data, whole), M);
  h = Math.imul(h ^ (h >>> 13), M);
  return h ^ (h >>> 15);
}

/**
 * The partition that Java's default partitioner chooses for a key: `toPositive(murmur2(key)) % count`. Records without
 * key are spread over the partitions by `id`.
 */
export function partitionOf(key: Uint8Array | null, count: number, id: bigint): number {
  if (key === null) return Number(id % BigInt(count));
  return (murmur2(key) & 0x7fffffff) % count;
}

function byte(data: Uint8Array, index: number): number {
  return data[index] ?? 0;
}
