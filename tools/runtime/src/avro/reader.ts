import { isUtf8 } from 'node:buffer';
import { AtlasError } from '../contract/atlasError.ts';
import { dateText } from './dates.ts';
import { bytesFor, decimalText, twosComplement } from './decimal.ts';
import { limits } from './limits.ts';
import { isUuidText, uuidOf } from './uuid.ts';

const TWO_28 = 0x1000_0000;
/** The numbers that take one byte, made once because most counts and quantities are among them. */
const SMALL = Array.from({ length: 0x80 }, (_, byte) => BigInt((byte >>> 1) ^ -(byte & 1)));
const MAX_DATE_MS = 8.64e15;
/** Bodies up to this size are decoded as one text, which stays in memory as long as any of its fields does. */
const MAX_WHOLE_BYTES = 4096;
/** Longer texts are always decoded one by one. */
const MAX_SHORT_BYTES = 64;

/**
 * Reads Avro's binary encoding (Avro 1.12, "Binary Encoding"). Compiled codecs call it step by step. Each step throws
 * `AtlasError` ATLAS_AVRO_DECODE if its bytes are missing or do not fit its type.
 */
export class ByteReader {
  readonly buffer: Buffer;
  pos = 0;
  #depth = 0;
  #emptyItems = 0;

  constructor(body: Uint8Array) {
    this.buffer = Buffer.isBuffer(body) ? body : Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  }

  /** Throws `AtlasError` ATLAS_AVRO_DECODE. */
  fail(problem: string): never {
    throw new AtlasError('ATLAS_AVRO_DECODE', `the bytes do not fit the schema: ${problem} near byte ${this.pos}`);
  }

  /** Throws unless every byte was read. */
  close(): void {
    if (this.pos !== this.buffer.length) this.fail(`${this.buffer.length - this.pos} bytes are left over`);
  }

  /** Call it before a record that may contain records of its own type. */
  enter(): void {
    if (++this.#depth > limits.depth) this.fail(`more than ${limits.depth} records inside each other`);
  }

  leave(): void {
    this.#depth--;
  }

  null(): null {
    return null;
  }

  boolean(): boolean {
    const byte = this.#byte();
    if (byte > 1) this.fail('a boolean that is neither 0 nor 1');
    return byte === 1;
  }

  int(): number {
    let byte = this.#byte();
    let bits = byte & 0x7f;
    for (let shift = 7; byte >= 0x80; shift += 7) {
      byte = this.#byte();
      if (shift === 28 && byte > 0x0f) this.fail('an int of more than 32 bits');
      bits |= (byte & 0x7f) << shift;
    }
    return (bits >>> 1) ^ -(bits & 1);
  }

  long(): bigint {
    const first = this.buffer[this.pos];
    if (first !== undefined && first < 0x80) {
      this.pos++;
      return SMALL[first] ?? 0n;
    }
    const low = this.#bits28();
    if (!this.#more) return BigInt((low >>> 1) ^ -(low & 1));
    const high = this.#bits28();
    if (!this.#more && high < 0x400_0000) {
      const half = high * (TWO_28 / 2) + (low >>> 1);
      return BigInt((low & 1) === 0 ? half : -half - 1);
    }
    const zigzag = (BigInt(this.#more ? this.#top() : 0) << 56n) | (BigInt(high) << 28n) | BigInt(low);
    return (zigzag & 1n) === 0n ? zigzag >> 1n : -(zigzag >> 1n) - 1n;
  }

  /** A long as a number, exact up to 2^53. For counts, lengths and dates, which have lower limits. */
  longNumber(): number {
    const first = this.buffer[this.pos];
    if (first !== undefined && first < 0x80) {
      this.pos++;
      return (first >>> 1) ^ -(first & 1);
    }
    const low = this.#bits28();
    if (!this.#more) return (low >>> 1) ^ -(low & 1);
    const high = this.#bits28();
    const top = this.#more ? this.#top() : 0;
    const half = (top * TWO_28 + high) * (TWO_28 / 2) + (low >>> 1);
    return (low & 1) === 0 ? half : -half - 1;
  }

  float(): number {
    const at = this.take(4);
    return this.buffer.readFloatLE(at);
  }

  double(): number {
    const at = this.take(8);
    return this.buffer.readDoubleLE(at);
  }

  string(): string {
    const length = this.longNumber();
    const start = this.take(length);
    if (length <= MAX_SHORT_BYTES && isAscii(this.buffer, start, this.pos)) return this.#slice(start);
    const text = this.buffer.toString('utf8', start, this.pos);
    // decoding gives U+FFFD for bytes that are not UTF-8, but the text may also contain it
    if (text.includes('\ufffd') && !isUtf8(this.buffer.subarray(start, this.pos)))
      this.fail('a text that is not UTF-8');
    return text;
  }

  /** A copy, which does not keep the body in memory. */
  bytes(): Uint8Array {
    return this.fixed(this.longNumber());
  }

  fixed(size: number): Uint8Array {
    const start = this.take(size);
    return new Uint8Array(this.buffer.subarray(start, this.pos));
  }

  enum<Symbol extends string>(symbols: readonly Symbol[]): Symbol {
    const symbol = symbols[this.int()];
    return symbol ?? this.fail(`a symbol's number beyond ${symbols.length - 1}`);
  }

  /** The number of a union's branch. */
  branch(count: number): number {
    const index = this.longNumber();
    if (index < 0 || index >= count) this.fail(`a branch's number beyond ${count - 1}`);
    return index;
  }

  /** The text of a UUID, as it was written. */
  uuid(): string {
    const length = this.longNumber();
    const start = this.take(length);
    if (length !== 36 || !isUuidText(this.buffer, start)) this.fail('a text that is not a UUID');
    return this.#slice(start);
  }

  uuidFixed(): string {
    const start = this.take(16);
    return uuidOf(this.buffer.toString('hex', start, this.pos));
  }

  decimal(precision: number, scale: number): string {
    const length = this.longNumber();
    if (length === 0) this.fail('a decimal of no bytes');
    return this.decimalFixed(length, precision, scale);
  }

  decimalFixed(size: number, precision: number, scale: number): string {
    const start = this.take(size);
    const value = twosComplement(this.buffer, start, this.pos, bytesFor(precision));
    const text = value === undefined ? undefined : decimalText(value, precision, scale);
    return text ?? this.fail(`a decimal of more than ${precision} digits`);
  }

  date(): string {
    return dateText(this.int()) ?? this.fail('a date beyond the calendar');
  }

  timestampMillis(): Date {
    const millis = this.longNumber();
    if (Math.abs(millis) > MAX_DATE_MS) this.fail('an instant beyond the calendar');
    return new Date(millis);
  }

  /** `minBytes` is the fewest bytes that an item takes. More items than fit into the body are refused at once. */
  array<Item>(minBytes: number, item: (r: ByteReader) => Item): Item[] {
    const list: Item[] = [];
    for (let count = this.block(minBytes); count > 0; count = this.block(minBytes))
      for (; count > 0; count--) list.push(item(this));
    return list;
  }

  map<Value>(minBytes: number, value: (r: ByteReader) => Value): Record<string, Value> {
    const map: Record<string, Value> = {};
    for (let count = this.block(minBytes + 1); count > 0; count = this.block(minBytes + 1))
      for (; count > 0; count--) {
        const key = this.string();
        // an assignment would change the prototype
        if (key === '__proto__')
          Object.defineProperty(map, key, { value: value(this), configurable: true, enumerable: true, writable: true });
        else map[key] = value(this);
      }
    return map;
  }

  /** The number of items in the next block, 0 at the end of the list. */
  block(minBytes: number): number {
    let count = this.longNumber();
    if (count < 0) {
      count = -count;
      if (this.longNumber() < 0) this.fail('a block with a negative size');
    }
    if (minBytes > 0) {
      if (count * minBytes > this.buffer.length - this.pos) this.fail(`a block of ${count} items`);
    } else {
      this.empties(count);
    }
    return count;
  }

  /** Counts values that take no bytes. Call it before a record that has many of them. */
  empties(count: number): void {
    this.#emptyItems += count;
    if (this.#emptyItems > limits.emptyItems) this.fail(`more than ${limits.emptyItems} values that take no bytes`);
  }

  /** Moves `pos` past `size` bytes. Returns the position of the first. */
  take(size: number): number {
    const start = this.pos;
    if (size < 0 || size > this.buffer.length - start) this.fail(`${size} bytes are announced`);
    this.pos = start + size;
    return start;
  }

  /**
   * The ASCII text from `start` to `pos`. A small body is decoded once as a whole, and its texts are slices of the
   * result, because decoding each of them costs several times as much.
   */
  #slice(start: number): string {
    if (this.buffer.length > MAX_WHOLE_BYTES) return this.buffer.toString('latin1', start, this.pos);
    this.#whole ??= this.buffer.toString('latin1');
    return this.#whole.slice(start, this.pos);
  }

  #whole: string | undefined;

  /** Whether the number continues after the last byte that `#bits28` has read. */
  #more = false;

  /** Reads up to four bytes of a variable-length number. */
  #bits28(): number {
    let bits = 0;
    for (let shift = 0; shift < 28; shift += 7) {
      const byte = this.#byte();
      bits |= (byte & 0x7f) << shift;
      if (byte < 0x80) {
        this.#more = false;
        return bits;
      }
    }
    this.#more = true;
    return bits;
  }

  /** Reads bits 56 to 63 of a variable-length number. */
  #top(): number {
    const ninth = this.#byte();
    if (ninth < 0x80) return ninth;
    const tenth = this.#byte();
    if (tenth > 1) this.fail('a long of more than 64 bits');
    return (ninth & 0x7f) | (tenth << 7);
  }

  #byte(): number {
    const byte = this.buffer[this.pos++];
    return byte ?? this.fail('it ends too early');
  }
}

function isAscii(bytes: Uint8Array, start: number, end: number): boolean {
  let seen = 0;
  for (let at = start; at < end; at++) seen |= bytes[at] ?? 0;
  return seen < 0x80;
}
