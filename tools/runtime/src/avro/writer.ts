import { daysOf } from './dates.ts';
import { putTwosComplement, twosComplementSize, unscaled } from './decimal.ts';
import { isList } from '../typeGuards.ts';
import { limits } from './limits.ts';
import { misfit } from './misfit.ts';
import { isUuidText } from './uuid.ts';

const TWO_28 = 0x1000_0000;
/** Below this, a zigzag number is exact as a double. */
const MAX_EXACT = 2 ** 52;
const MAX_EXACT_BIG = BigInt(MAX_EXACT);
/** Texts up to this length take at most 63 bytes, so their length takes one byte. */
const MAX_SHORT = 21;

/**
 * Writes Avro's binary encoding (Avro 1.12, "Binary Encoding") into a buffer that grows. Compiled codecs call it step
 * by step. Each step checks its value at run time and throws `Misfit` if it does not fit the type.
 */
export class Writer {
  buffer: Buffer;
  pos = 0;
  #depth = 0;

  constructor(size = 1024) {
    this.buffer = Buffer.allocUnsafe(size);
  }

  /** Starts a new body. */
  reset(): void {
    this.pos = 0;
    this.#depth = 0;
  }

  /** A copy of what was written. */
  copy(): Buffer {
    const copy = Buffer.allocUnsafe(this.pos);
    this.buffer.copy(copy, 0, 0, this.pos);
    return copy;
  }

  /** Removes what was written from `start` on, and returns a copy of it. */
  taken(start: number): Buffer {
    const copy = Buffer.from(this.buffer.subarray(start, this.pos));
    this.pos = start;
    return copy;
  }

  /** Call it before a record that may contain records of its own type, even itself. */
  enter(): void {
    if (++this.#depth > limits.depth) misfit({}, `a record within ${limits.depth} others`);
  }

  leave(): void {
    this.#depth--;
  }

  null(value: null): void {
    if (value !== null) misfit(value, 'null');
  }

  boolean(value: boolean): void {
    if (typeof value !== 'boolean') misfit(value, 'true or false');
    this.#room(1);
    this.buffer[this.pos++] = value ? 1 : 0;
  }

  int(value: number): void {
    if ((value | 0) !== value) misfit(value, 'a whole number of 32 bits');
    this.#room(5);
    this.#bits(((value << 1) ^ (value >> 31)) >>> 0);
  }

  long(value: bigint): void {
    if (typeof value !== 'bigint') misfit(value, 'a bigint');
    if (value < MAX_EXACT_BIG && value > -MAX_EXACT_BIG) this.longNumber(Number(value));
    else this.#wide(value);
  }

  /** A long whose value is a safe integer. */
  longNumber(value: number): void {
    if (value >= MAX_EXACT || value <= -MAX_EXACT) return this.#wide(BigInt(value));
    this.#room(10);
    this.#bits(value < 0 ? -value * 2 - 1 : value * 2);
  }

  float(value: number): void {
    if (typeof value !== 'number') misfit(value, 'a number');
    this.#room(4);
    this.pos = this.buffer.writeFloatLE(value, this.pos);
  }

  double(value: number): void {
    if (typeof value !== 'number') misfit(value, 'a number');
    this.#room(8);
    this.pos = this.buffer.writeDoubleLE(value, this.pos);
  }

  string(value: string): void {
    if (typeof value !== 'string') misfit(value, 'a text');
    if (value.length > MAX_SHORT || !this.#ascii(value)) this.#utf8(value);
  }

  bytes(value: Uint8Array): void {
    if (!(value instanceof Uint8Array)) misfit(value, 'bytes');
    this.longNumber(value.length);
    this.raw(value);
  }

  fixed(value: Uint8Array, size: number): void {
    if (!(value instanceof Uint8Array) || value.length !== size) misfit(value, `${size} bytes`);
    this.raw(value);
  }

  enum<Symbol extends string>(value: Symbol, symbols: readonly Symbol[]): void {
    const index = symbols.indexOf(value);
    if (index === -1) misfit(value, `one of ${symbols.join(', ')}`);
    this.int(index);
  }

  branch(index: number): void {
    this.int(index);
  }

  /** Throws `Misfit`, because the value fits no branch of a union. */
  noBranch(value: unknown): never {
    return misfit(value, 'of any branch of the union');
  }

  /** A record without fields, which takes no bytes. */
  object(value: unknown): void {
    if (typeof value !== 'object' || value === null) misfit(value, 'an object');
  }

  uuid(value: string): void {
    if (typeof value !== 'string' || value.length !== 36) misfit(value, 'a UUID');
    this.#room(37);
    const start = this.pos + 1;
    this.buffer[this.pos] = 72;
    // a character beyond ASCII takes several bytes, which are not digits, or is cut off at the end of the buffer
    if (this.buffer.write(value, start) !== 36 || !isUuidText(this.buffer, start)) misfit(value, 'a UUID');
    this.pos = start + 36;
  }

  uuidFixed(value: string): void {
    const start = this.pos;
    this.uuid(value);
    this.pos = start + this.buffer.write(value.replaceAll('-', ''), start, 'hex');
  }

  decimal(value: string, precision: number, scale: number): void {
    const number = unscaled(value, precision, scale);
    const size = twosComplementSize(number);
    this.longNumber(size);
    this.#number(number, size);
  }

  decimalFixed(value: string, size: number, precision: number, scale: number): void {
    this.#number(unscaled(value, precision, scale), size);
  }

  date(value: string): void {
    this.int(daysOf(value));
  }

  timestampMillis(value: Date): void {
    if (!(value instanceof Date) || Number.isNaN(value.getTime())) misfit(value, 'a Date');
    this.longNumber(value.getTime());
  }

  array<Item>(items: readonly Item[], item: (w: Writer, item: Item) => void): void {
    if (!isList(items)) misfit(items, 'a list');
    if (items.length > 0) {
      this.longNumber(items.length);
      for (const value of items) item(this, value);
    }
    this.int(0);
  }

  map<Value>(values: Readonly<Record<string, Value>>, item: (w: Writer, value: Value) => void): void {
    if (typeof values !== 'object' || values === null || isList(values)) misfit(values, 'an object');
    const entries = Object.entries(values);
    if (entries.length > 0) {
      this.longNumber(entries.length);
      for (const [key, value] of entries) {
        this.string(key);
        item(this, value);
      }
    }
    this.int(0);
  }

  /** Bytes as they are. */
  raw(value: Uint8Array): void {
    this.#room(value.length);
    this.buffer.set(value, this.pos);
    this.pos += value.length;
  }

  /** Writes an ASCII text. Returns false and writes nothing if the text has other characters. */
  #ascii(value: string): boolean {
    const { length } = value;
    this.#room(length + 1);
    const { buffer: bytes, pos } = this;
    for (let at = 0; at < length; at++) {
      const code = value.charCodeAt(at);
      if (code >= 0x80) return false;
      bytes[pos + 1 + at] = code;
    }
    bytes[pos] = length << 1;
    this.pos = pos + 1 + length;
    return true;
  }

  #utf8(value: string): void {
    this.#room(value.length * 3 + 10);
    const start = this.pos;
    // most texts have one byte per character: reserve that length, and move the text if it turns out longer
    this.longNumber(value.length);
    const guessed = this.pos;
    const written = this.buffer.write(value, guessed);
    if (written === value.length) {
      this.pos = guessed + written;
      return;
    }
    if (!value.isWellFormed()) misfit(value, 'well-formed Unicode');
    const begin = start + lengthSize(written);
    this.buffer.copyWithin(begin, guessed, guessed + written);
    this.pos = start;
    this.longNumber(written);
    this.pos = begin + written;
  }

  #number(value: bigint, size: number): void {
    this.#room(size);
    putTwosComplement(this.buffer, this.pos, size, value);
    this.pos += size;
  }

  /** Writes a long of more than 52 bits. */
  #wide(value: bigint): void {
    if (BigInt.asIntN(64, value) !== value) misfit(value, 'a whole number of 64 bits');
    this.#room(10);
    const zigzag = BigInt.asUintN(64, (value << 1n) ^ (value >> 63n));
    this.#bits28(Number(zigzag & 0xfff_ffffn));
    const middle = Number((zigzag >> 28n) & 0xfff_ffffn);
    const top = Number(zigzag >> 56n);
    if (top === 0) return this.#bits(middle);
    this.#bits28(middle);
    this.#bits(top);
  }

  /** Writes a number up to 2^53 in groups of seven bits, the lowest first. The last byte has a clear high bit. */
  #bits(value: number): void {
    let left = value;
    if (left >= TWO_28) {
      const low = left % TWO_28;
      this.#bits28(low);
      left = (left - low) / TWO_28;
    }
    const { buffer: bytes } = this;
    while (left >= 0x80) {
      bytes[this.pos++] = (left & 0x7f) | 0x80;
      left >>>= 7;
    }
    bytes[this.pos++] = left;
  }

  /** Writes four groups that are not the last ones. */
  #bits28(bits: number): void {
    const { buffer: bytes, pos } = this;
    bytes[pos] = (bits & 0x7f) | 0x80;
    bytes[pos + 1] = ((bits >>> 7) & 0x7f) | 0x80;
    bytes[pos + 2] = ((bits >>> 14) & 0x7f) | 0x80;
    bytes[pos + 3] = (bits >>> 21) | 0x80;
    this.pos = pos + 4;
  }

  #room(size: number): void {
    if (this.pos + size > this.buffer.length) this.#grow(size);
  }

  #grow(size: number): void {
    const bigger = Buffer.allocUnsafe(Math.max(this.buffer.length * 2, this.pos + size));
    this.buffer.copy(bigger, 0, 0, this.pos);
    this.buffer = bigger;
  }
}

/** How many bytes a length takes. */
function lengthSize(length: number): number {
  let size = 1;
  for (let left = length * 2; left >= 0x80; left = Math.floor(left / 0x80)) size++;
  return size;
}
