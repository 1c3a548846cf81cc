// Bytes written and read one after the other: whole numbers as varints, floats, text. The reader is total: past the end, or at what
// cannot be, it notes why and answers 0 from then on, so that a whole block is read first and asked once whether it was sound.

const CONTINUES = 0x80;
const NEGATIVE = 0x40;

const float = new Float64Array(1);
const floatBytes = new Uint8Array(float.buffer);

export class ByteWriter {
  length = 0;
  #bytes: Uint8Array<ArrayBuffer>;

  constructor(room = 256) {
    this.#bytes = new Uint8Array(room);
  }

  /** A copy of all that was written. */
  take(): Uint8Array<ArrayBuffer> {
    return this.#bytes.slice(0, this.length);
  }

  /** What was written, in place: good until more is. */
  view(): Uint8Array<ArrayBuffer> {
    return this.#bytes.subarray(0, this.length);
  }

  byte(value: number): void {
    const at = this.#reach(1);
    this.#bytes[at] = value;
    this.length = at + 1;
  }

  /** A whole number from 0 to the largest safe one. */
  count(value: number): void {
    let at = this.#reach(8);
    const bytes = this.#bytes;
    let rest = value;
    while (rest > 0x7fff_ffff) {
      bytes[at++] = CONTINUES | (rest % 128);
      rest = Math.floor(rest / 128);
    }
    while (rest > 127) {
      bytes[at++] = CONTINUES | (rest & 127);
      rest >>>= 7;
    }
    bytes[at++] = rest;
    this.length = at;
  }

  /** Any safe integer: the sign in the first byte, so that small ones of either sign are short. −0 is a code of its own. */
  signed(value: number): void {
    const negative = value < 0 || Object.is(value, -0);
    const size = Math.abs(value);
    const rest = Math.floor(size / 64);
    this.byte((rest > 0 ? CONTINUES : 0) | (negative ? NEGATIVE : 0) | (size % 64));
    if (rest > 0) this.count(rest);
  }

  float(value: number): void {
    const at = this.#reach(8);
    float[0] = value;
    this.#bytes.set(floatBytes, at);
    this.length = at + 8;
  }

  /** Any text: a byte each while all of it is latin-1, else two a UTF-16 unit. */
  text(value: string): void {
    const units = value.length;
    let wide = 0;
    for (let i = 0; i < units; i++) if (value.charCodeAt(i) > 0xff) wide = 1;
    this.count(units * 2 + wide);
    let at = this.#reach(units * 2);
    const bytes = this.#bytes;
    for (let i = 0; i < units; i++) {
      const unit = value.charCodeAt(i);
      bytes[at++] = unit;
      if (wide === 1) bytes[at++] = unit >> 8;
    }
    this.length = at;
  }

  raw(bytes: Uint8Array): void {
    const at = this.#reach(bytes.length);
    this.#bytes.set(bytes, at);
    this.length = at + bytes.length;
  }

  /** Where to write next, with room for so many bytes. */
  #reach(more: number): number {
    const needed = this.length + more;
    if (needed > this.#bytes.length) {
      const grown = new Uint8Array(Math.max(needed, this.#bytes.length * 2));
      grown.set(this.view());
      this.#bytes = grown;
    }
    return this.length;
  }
}

/** `fromCharCode` takes its units as arguments, and there is a limit to those. */
const UNITS_AT_ONCE = 4096;

export class ByteReader {
  /** Why this cannot be read; the first reason counts. */
  fault: string | undefined;
  readonly #bytes: Uint8Array;
  #at: number;

  constructor(bytes: Uint8Array, at = 0) {
    this.#bytes = bytes;
    this.#at = at;
  }

  /** Bytes not read yet: more of anything than this cannot follow. */
  get left(): number {
    return this.#bytes.length - this.#at;
  }

  moveTo(at: number): void {
    this.#at = at;
  }

  fail(why: string): 0 {
    this.fault ??= why;
    this.#at = this.#bytes.length;
    return 0;
  }

  byte(): number {
    const byte = this.#bytes[this.#at];
    if (byte === undefined) return this.fail('it ends too soon');
    this.#at++;
    return byte;
  }

  count(): number {
    const bytes = this.#bytes;
    let at = this.#at;
    let byte = bytes[at++] ?? CONTINUES;
    let value = byte & 127;
    for (let scale = 128; byte >= CONTINUES; scale *= 128) {
      if (at >= bytes.length) return this.fail('it ends too soon');
      if (scale > 2 ** 49) return this.fail('a number is too long');
      byte = bytes[at++] as number;
      value += (byte & 127) * scale;
    }
    this.#at = at;
    return value <= Number.MAX_SAFE_INTEGER ? value : this.fail('a number is too large');
  }

  /** −0 only when −0 was written. */
  signed(): number {
    const first = this.byte();
    let size = first & 63;
    if (first >= CONTINUES) size += this.count() * 64;
    if (size > Number.MAX_SAFE_INTEGER) return this.fail('a number is too large');
    return (first & NEGATIVE) === 0 ? size : -size;
  }

  float(): number {
    if (this.left < 8) return this.fail('it ends too soon');
    floatBytes.set(this.#bytes.subarray(this.#at, this.#at + 8));
    this.#at += 8;
    return float[0] as number;
  }

  text(): string {
    const head = this.count();
    const units = Math.floor(head / 2);
    const wide = head % 2 === 1;
    const size = wide ? units * 2 : units;
    if (size > this.left) {
      this.fail('a text is too long');
      return '';
    }
    const from = this.#at;
    this.#at += size;
    return wide ? this.#wide(from, units) : this.#narrow(from, units);
  }

  #narrow(from: number, units: number): string {
    let text = '';
    for (let at = 0; at < units; at += UNITS_AT_ONCE) {
      const some = this.#bytes.subarray(from + at, from + Math.min(units, at + UNITS_AT_ONCE));
      text += String.fromCharCode.apply(undefined, some as unknown as number[]);
    }
    return text;
  }

  #wide(from: number, units: number): string {
    let text = '';
    for (let i = 0; i < units; i++) {
      const at = from + i * 2;
      text += String.fromCharCode((this.#bytes[at] ?? 0) | ((this.#bytes[at + 1] ?? 0) << 8));
    }
    return text;
  }
}
