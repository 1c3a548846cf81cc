// Every message as one row of columns, in the order they entered their links, in blocks so that the oldest can be forgotten.
// Times are kept as lengths from the block's first entry: 22 bytes a message, for three facts.

import type { Kind, Micros } from '@crows-nest/protocol';

export const KINDS: readonly Kind[] = ['HEARTBEAT', 'REQUEST', 'REPLY', 'READY', 'INVALID'];
/** `missed`: its end is among facts that are missing. */
export const ENDS = ['none', 'read', 'delivered', 'dropped', 'lost', 'missed'] as const;
export type End = (typeof ENDS)[number];

/** What faults did to a message, as bits. */
export const TAMPERED = { held: 1, damaged: 2, copy: 4 } as const;
export type Tampering = keyof typeof TAMPERED;

const BLOCK = 4096;
const TO_QUEUE = 8;
const HAS_LEFT = 16;
const END_SHIFT = 5;
/** Longer than this, which is 71 minutes, is as good as for ever. */
const LONGEST = 0xfffffffe;
const OPEN = 0xffffffff;

interface Block {
  readonly firstAt: Micros;
  count: number;
  /** Of those that have ended. */
  lastEndAt: Micros;
  open: number;
  readonly enteredUs: Uint32Array;
  /** Until it left, or was to leave. */
  flightUs: Uint32Array;
  endUs: Uint32Array;
  readonly msg: Uint32Array;
  readonly lane: Uint32Array;
  readonly flags: Uint8Array;
  readonly tampered: Uint8Array;
}

/** One message, read from its row; filled in place, for there are many. */
export interface Crossing {
  msg: number;
  /** The link's lane; the queue's is the other. */
  lane: number;
  kind: Kind;
  toQueue: boolean;
  enteredAt: Micros;
  /** When it left its link, or was to. */
  leftAt: Micros;
  hasLeft: boolean;
  end: End;
  /** Infinite while it has none. */
  endAt: Micros;
  /** Bits of TAMPERED. */
  tampered: number;
}

export const someCrossing = (): Crossing => ({
  ...{ msg: -1, lane: -1, kind: 'HEARTBEAT', toQueue: true, enteredAt: 0, leftAt: 0, hasLeft: false },
  ...{ end: 'none', endAt: Number.POSITIVE_INFINITY, tampered: 0 },
});

const makeBlock = (firstAt: Micros): Block => ({
  ...{ firstAt, count: 0, lastEndAt: Number.NEGATIVE_INFINITY, open: 0 },
  enteredUs: new Uint32Array(BLOCK),
  flightUs: new Uint32Array(BLOCK),
  endUs: new Uint32Array(BLOCK).fill(OPEN),
  msg: new Uint32Array(BLOCK),
  lane: new Uint32Array(BLOCK),
  flags: new Uint8Array(BLOCK),
  tampered: new Uint8Array(BLOCK),
});

const length = (us: number): number => Math.min(LONGEST, Math.max(0, Math.round(us)));

export class Crossings {
  #blocks: Block[] = [];
  /** Rows are numbered from the first ever; those of forgotten blocks are never asked for again. */
  #forgotten = 0;
  #rowOf = new Map<number, number>();

  get firstRow(): number {
    return this.#forgotten * BLOCK;
  }

  get endRow(): number {
    const last = this.#blocks.at(-1);
    return last ? (this.#forgotten + this.#blocks.length - 1) * BLOCK + last.count : this.firstRow;
  }

  get bytes(): number {
    return this.#blocks.length * BLOCK * 22 + this.#rowOf.size * 40;
  }

  enter(msg: number, lane: number, kind: Kind, toQueue: boolean, enteredAt: Micros, dueAt: Micros): void {
    let block = this.#blocks.at(-1);
    if (!block || block.count === BLOCK || enteredAt - block.firstAt > LONGEST) {
      // A block that is ended early keeps its numbers' room, so that a row's block is found by division.
      block = makeBlock(enteredAt);
      this.#blocks.push(block);
    }
    const i = block.count++;
    block.enteredUs[i] = enteredAt - block.firstAt;
    block.flightUs[i] = length(dueAt - enteredAt);
    block.msg[i] = msg;
    block.lane[i] = lane;
    block.flags[i] = KINDS.indexOf(kind) | (toQueue ? TO_QUEUE : 0);
    block.open++;
    this.#rowOf.set(msg, (this.#forgotten + this.#blocks.length - 1) * BLOCK + i);
  }

  /** The kind of one that has not ended, for what is told of it by its number only. */
  kindOf(msg: number): Kind | undefined {
    const [block, i] = this.#place(msg);
    return block && KINDS[(block.flags[i] as number) & 7];
  }

  openMessages(): Iterable<number> {
    return [...this.#rowOf.keys()];
  }

  tamper(msg: number, how: Tampering): void {
    const [block, i] = this.#place(msg);
    if (block) block.tampered[i] = (block.tampered[i] as number) | TAMPERED[how];
  }

  leave(msg: number, t: Micros): void {
    const [block, i] = this.#place(msg);
    if (!block) return;
    block.flightUs[i] = length(t - block.firstAt - (block.enteredUs[i] as number));
    block.flags[i] = (block.flags[i] as number) | HAS_LEFT;
  }

  end(msg: number, end: End, t: Micros): void {
    const [block, i] = this.#place(msg);
    if (!block) return;
    this.#rowOf.delete(msg);
    block.endUs[i] = length(t - block.firstAt - (block.enteredUs[i] as number));
    block.flags[i] = (block.flags[i] as number) | (ENDS.indexOf(end) << END_SHIFT);
    block.lastEndAt = Math.max(block.lastEndAt, t);
    block.open--;
  }

  #place(msg: number): [Block | undefined, number] {
    const row = this.#rowOf.get(msg);
    return row === undefined ? [undefined, 0] : [this.#blockOf(row), row % BLOCK];
  }

  #blockOf(row: number): Block | undefined {
    return this.#blocks[Math.floor(row / BLOCK) - this.#forgotten];
  }

  read(row: number, into: Crossing): boolean {
    const block = this.#blockOf(row);
    const i = row % BLOCK;
    if (!block || i >= block.count) return false;
    const flags = block.flags[i] as number;
    const end = block.endUs[i] as number;
    into.msg = block.msg[i] as number;
    into.lane = block.lane[i] as number;
    into.kind = KINDS[flags & 7] as Kind;
    into.toQueue = (flags & TO_QUEUE) !== 0;
    into.enteredAt = block.firstAt + (block.enteredUs[i] as number);
    into.leftAt = into.enteredAt + (block.flightUs[i] as number);
    into.hasLeft = (flags & HAS_LEFT) !== 0;
    into.end = ENDS[flags >> END_SHIFT] as End;
    into.tampered = block.tampered[i] as number;
    into.endAt = end === OPEN ? Number.POSITIVE_INFINITY : into.enteredAt + end;
    return true;
  }

  /** The row of the first message that entered later than t. */
  after(t: Micros): number {
    let low = 0;
    let high = this.#blocks.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#blocks[middle] as Block).firstAt <= t) low = middle + 1;
      else high = middle;
    }
    const block = this.#blocks[low - 1];
    if (!block) return this.firstRow;
    const within = t - block.firstAt;
    let from = 0;
    let to = block.count;
    while (from < to) {
      const middle = (from + to) >>> 1;
      if ((block.enteredUs[middle] as number) <= within) from = middle + 1;
      else to = middle;
    }
    return (this.#forgotten + low - 1) * BLOCK + from;
  }

  /** How many entered in from < t <= to, of blocks that are full all but exactly. */
  count(from: Micros, to: Micros): number {
    const [first, last] = [this.after(from), this.after(to)];
    let missing = 0;
    for (let at = Math.floor(first / BLOCK); at < Math.floor(last / BLOCK); at++) {
      missing += BLOCK - (this.#blocks[at - this.#forgotten]?.count ?? BLOCK);
    }
    return last - first - missing;
  }

  /** The rows that may be under way between the two times, oldest first: `into` is read anew for each. */
  each(from: Micros, to: Micros, into: Crossing, visit: (row: number) => void): void {
    const [firstRow, endRow] = [this.after(from), this.after(to)];
    for (const [at, block] of this.#blocks.entries()) {
      const first = (this.#forgotten + at) * BLOCK;
      if (first >= endRow) return;
      const stop = Math.min(block.count, endRow - first);
      const whole = block.open > 0 || block.lastEndAt > from;
      for (let i = whole ? 0 : Math.max(0, firstRow - first); i < stop; i++) {
        if (first + i < firstRow) {
          const end = block.endUs[i] as number;
          if (end !== OPEN && block.firstAt + (block.enteredUs[i] as number) + end <= from) continue;
        }
        if (this.read(first + i, into)) visit(first + i);
      }
    }
  }

  forget(t: Micros): void {
    for (let block = this.#blocks[0]; block && this.#blocks.length > 1; block = this.#blocks[0]) {
      if (block.open > 0 || block.lastEndAt > t) return;
      this.#blocks.shift();
      this.#forgotten++;
    }
  }
}
