/**
 * Reads protobuf's wire format: tags, numbers, lengths, and what to pass over. Errors have the words of the readers that are
 * generated for Kubernetes' Go types.
 */

/** Bytes that are no protobuf message, or not the one that was expected. */
export class WireError extends Error {
  override readonly name: string = "WireError";
}

/** The wire types in use. Three to five are known only so that they can be passed over. */
export type WireType = 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7;

export interface WireTag {
  readonly field: number;
  readonly wireType: WireType;
  /** Where the tag begins. */
  readonly start: number;
}

/**
 * A number of 64 bits in two halves, each unsigned. BigInt's own cutting to 64 bits crashes the optimising compiler of the
 * V8 in Node 20, so there is none of it here.
 */
export interface Varint {
  readonly low: number;
  readonly high: number;
}

/** The number in the lower half, signed: what Go keeps where it reads an int32. */
export function signed32({ low }: Varint): number {
  return low | 0;
}

/** The whole number, signed, as decimal text. */
export function signed64Text({ low, high }: Varint): string {
  // Below 2 to the 53rd, which is nearly always, a double holds it.
  if (high < 1 << 21) return String(high * HALF + low);
  return String(BigInt(high | 0) * BigInt(HALF) + BigInt(low));
}

export function isZero({ low, high }: Varint): boolean {
  return low === 0 && high === 0;
}

export const VARINT = 0;
export const FIXED64 = 1;
export const LENGTH_DELIMITED = 2;

const MAX_VARINT_BYTES = 10;
const HALF = 2 ** 32;

/** Reads one message's bytes from the front to the back. */
export class WireReader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#bytes.length;
  }

  /**
   * The next field's number and wire type.
   * @throws WireError naming the message where no field can begin so
   */
  tag(message: string): WireTag {
    const start = this.#at;
    const wire = this.varint();
    const field = (wire.high << 29) | (wire.low >>> 3);
    const wireType = (wire.low & 7) as WireType;
    if (wireType === 4) throw new WireError(`proto: ${message}: wiretype end group for non-group`);
    if (field <= 0) {
      throw new WireError(`proto: ${message}: illegal tag ${field} (wire type ${wire.high * HALF + wire.low})`);
    }
    return { field, wireType, start };
  }

  /** @throws WireError where the number does not end, or has more than 64 bits */
  varint(): Varint {
    let low = 0;
    let high = 0;
    for (let count = 0; count < MAX_VARINT_BYTES; count += 1) {
      const byte = this.#bytes[this.#at];
      if (byte === undefined) throw new WireError("unexpected EOF");
      this.#at += 1;
      const bits = byte & 0x7f;
      const shift = 7 * count;
      if (shift < 32) low |= bits << shift;
      if (shift > 25) high |= shift < 32 ? bits >>> (32 - shift) : bits << (shift - 32);
      if (byte < 0x80) return { low: low >>> 0, high: high >>> 0 };
    }
    throw new WireError("proto: integer overflow");
  }

  /** @throws WireError where fewer than eight bytes are left */
  double(): number {
    const bytes = this.#take(8);
    return new DataView(bytes.buffer, bytes.byteOffset, 8).getFloat64(0, true);
  }

  /**
   * A length and as many bytes, which share the memory of the message.
   * @throws WireError where the length is negative or beyond the end
   */
  bytes(): Uint8Array {
    return this.#take(this.#length());
  }

  /**
   * Passes over the value of a field that nobody knows, with all of a group.
   * @throws WireError where it does not end
   */
  skip(tag: WireTag): void {
    this.#at = tag.start;
    let depth = 0;
    do {
      const wireType = this.varint().low & 7;
      if (wireType === 0) this.varint();
      else if (wireType === 1) this.#take(8);
      else if (wireType === 2) this.bytes();
      else if (wireType === 3) depth += 1;
      else if (wireType === 4) depth -= 1;
      else if (wireType === 5) this.#take(4);
      else throw new WireError(`proto: illegal wireType ${wireType}`);
    } while (depth > 0);
  }

  #length(): number {
    const { low, high } = this.varint();
    if (high >= HALF / 2) throw new WireError("proto: negative length found during unmarshaling");
    return high * HALF + low;
  }

  #take(length: number): Uint8Array {
    const end = this.#at + length;
    if (end > this.#bytes.length) throw new WireError("unexpected EOF");
    const taken = this.#bytes.subarray(this.#at, end);
    this.#at = end;
    return taken;
  }
}
