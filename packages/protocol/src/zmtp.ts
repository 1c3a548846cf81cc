// Reads one direction of a ZMTP 3.x connection (RFC 23, 37) from any split of its bytes [Z1].
// Every item carries the bytes it was read from, so the items joined are the input [Z2]. Reading is total and bounded:
// what cannot be read turns the direction opaque, with a reason, and its bytes keep coming [Z4].

import { bytesFrame } from './frames.ts';
import { Chunks, sliceViews } from './zmtp-chunks.ts';
import { type CommandBody, readCommandBody } from './zmtp-command.ts';

/** The flags of a frame. libzmq ignores the other five bits, and so do we [Z6]. */
export const MORE = 1;
export const LONG = 2;
export const COMMAND = 4;

export const GREETING_SIZE = 64;
export const MAX_FRAME_BYTES = 16 * 1024 * 1024;
export const MAX_MESSAGE_FRAMES = 1024;
/** Bodies of all frames together: bounds what a reader can hold. */
export const MAX_MESSAGE_BYTES = 2 * MAX_FRAME_BYTES;
export const MAX_COMMAND_BYTES = 64 * 1024;

/** The bytes of an item, as views of the chunks they came in, and how many they are. */
export interface Carried {
  readonly raw: readonly Uint8Array[];
  readonly size: number;
}

/** Some bytes of the greeting, as they came [Z3]. */
export interface GreetingBytes extends Carried {
  readonly type: 'greeting';
}

/** The greeting is complete. Carries no bytes. */
export interface Greeted extends Carried {
  readonly type: 'greeted';
  readonly version: string;
  readonly mechanism: string;
  readonly asServer: boolean;
}

/** READY, ERROR, PING, PONG or any other command. */
export type CommandItem = Carried & CommandBody;
export type ReadyItem = Extract<CommandItem, { type: 'ready' }>;

/** One whole message. `starts` and `sizes` tell where each frame's body lies within the item's bytes. */
export interface MessageItem extends Carried {
  readonly type: 'message';
  readonly starts: readonly number[];
  readonly sizes: readonly number[];
}

/** From here on nothing is understood. Carries no bytes: those already read follow as `bytes`. */
export interface Opaque extends Carried {
  readonly type: 'opaque';
  readonly reason: string;
}

export interface OpaqueBytes extends Carried {
  readonly type: 'bytes';
}

export type ZmtpItem = GreetingBytes | Greeted | CommandItem | MessageItem | Opaque | OpaqueBytes;

/** The first bytes of a message's frame, at most `limit`. */
export function peekFrame(message: MessageItem, frame: number, limit: number): Uint8Array {
  const start = message.starts[frame] ?? 0;
  return sliceViews(message.raw, start, start + Math.min(limit, message.sizes[frame] ?? 0));
}

const NO_BYTES = { raw: [], size: 0 } as const;

export class ZmtpReader {
  #phase: 'greeting' | 'handshake' | 'traffic' | 'opaque' = 'greeting';
  readonly #greeting = new Uint8Array(GREETING_SIZE);
  #greetingRead = 0;
  /** Bytes of the item being read that came in earlier chunks. */
  readonly #held = new Chunks();
  readonly #header = new Uint8Array(9);
  #headerRead = 0;
  #inBody = false;
  #bodyLeft = 0;
  #commandStart = 0;
  #starts: number[] = [];
  #sizes: number[] = [];
  #messageBytes = 0;

  /** How many bytes went in that have not come out. */
  get buffered(): number {
    return this.#held.size;
  }

  read(chunk: Uint8Array): ZmtpItem[] {
    const items: ZmtpItem[] = [];
    let at = 0;
    if (this.#phase === 'greeting') at = this.#readGreeting(chunk, items);
    if (this.#phase === 'handshake' || this.#phase === 'traffic') this.#readFrames(chunk, at, items);
    else if (this.#phase === 'opaque' && at < chunk.length) {
      items.push({ type: 'bytes', raw: [chunk.subarray(at)], size: chunk.length - at });
    }
    return items;
  }

  /** Stops understanding, for a reason found elsewhere: the other direction turned opaque. */
  abandon(reason: string): ZmtpItem[] {
    const items: ZmtpItem[] = [];
    if (this.#phase !== 'opaque') this.#giveUp(reason, items);
    return items;
  }

  #giveUp(reason: string, items: ZmtpItem[]): void {
    this.#phase = 'opaque';
    items.push({ type: 'opaque', reason, ...NO_BYTES });
    const size = this.#held.size;
    if (size > 0) items.push({ type: 'bytes', raw: this.#held.take(), size });
  }

  /** Returns how far it read. The greeting's bytes pass as they come, also those that show it is none [Z3]. */
  #readGreeting(chunk: Uint8Array, items: ZmtpItem[]): number {
    let at = 0;
    let fault: string | undefined;
    while (at < chunk.length && fault === undefined && this.#greetingRead < GREETING_SIZE) {
      this.#greeting[this.#greetingRead++] = chunk[at++] ?? 0;
      fault = this.#greetingFault();
    }
    if (at > 0) items.push({ type: 'greeting', raw: [chunk.subarray(0, at)], size: at });
    if (fault === undefined && this.#greetingRead === GREETING_SIZE) {
      const end = this.#greeting.indexOf(0, 12);
      const mechanism = bytesFrame(this.#greeting.subarray(12, end < 0 ? 32 : Math.min(end, 32)));
      const version = `${this.#greeting[10]}.${this.#greeting[11]}`;
      items.push({ type: 'greeted', version, mechanism, asServer: this.#greeting[32] === 1, ...NO_BYTES });
      this.#phase = 'handshake';
      if (mechanism !== 'NULL') fault = `mechanism ${mechanism}`;
    }
    if (fault !== undefined) this.#giveUp(fault, items);
    return at;
  }

  /** Tells the versions apart by the same bytes as libzmq. */
  #greetingFault(): string | undefined {
    const byte = this.#greeting[this.#greetingRead - 1] ?? 0;
    switch (this.#greetingRead) {
      case 1:
        return byte === 0xff ? undefined : 'ZMTP 1.0';
      case 10:
        return byte & 1 ? undefined : 'ZMTP 1.0';
      case 11:
        return byte >= 3 ? undefined : byte === 0 ? 'ZMTP 1.0' : 'ZMTP 2.0';
      default:
        return undefined;
    }
  }

  #readFrames(chunk: Uint8Array, begin: number, items: ZmtpItem[]): void {
    const header = this.#header;
    let at = begin;
    let from = begin; // where the item being read begins in this chunk
    while (at < chunk.length) {
      if (!this.#inBody) {
        header[this.#headerRead++] = chunk[at++] ?? 0;
        if (this.#headerRead < ((header[0] ?? 0) & LONG ? 9 : 2)) continue;
        const fault = this.#beginBody(this.#held.size + at - from);
        if (fault !== undefined) {
          this.#held.push(chunk.subarray(from));
          this.#giveUp(fault, items);
          return;
        }
      }
      const taken = Math.min(this.#bodyLeft, chunk.length - at);
      at += taken;
      this.#bodyLeft -= taken;
      if (this.#bodyLeft > 0) break;
      this.#inBody = false;
      this.#headerRead = 0;

      const flags = header[0] ?? 0;
      // libzmq puts a PING between the frames of a message when its timer says so: it stays in that message's bytes.
      if (this.#sizes.length > 0 && flags & (COMMAND | MORE)) continue;
      const size = this.#held.size + at - from;
      const last = chunk.subarray(from, at);
      let raw: Uint8Array[];
      if (this.#held.size === 0) raw = [last];
      else {
        this.#held.push(last);
        raw = this.#held.take();
      }
      from = at;
      if (flags & COMMAND) {
        const command = readCommandBody(sliceViews(raw, this.#commandStart, size));
        if (command === undefined) {
          for (const view of raw) this.#held.push(view);
          if (at < chunk.length) this.#held.push(chunk.subarray(at));
          this.#giveUp('malformed command', items);
          return;
        }
        if (command.type === 'ready') this.#phase = 'traffic';
        items.push({ ...command, raw, size });
      } else {
        items.push({ type: 'message', raw, size, starts: this.#starts, sizes: this.#sizes });
        this.#starts = [];
        this.#sizes = [];
        this.#messageBytes = 0;
      }
    }
    if (from < chunk.length) this.#held.push(from === 0 ? chunk : chunk.subarray(from));
  }

  /** A header is complete. `start`: where the body begins within its item. Returns what forbids to read it. */
  #beginBody(start: number): string | undefined {
    const flags = this.#header[0] ?? 0;
    let size = this.#header[1] ?? 0;
    if (flags & LONG) {
      size = 0;
      for (let i = 1; i < 9; i++) size = size * 256 + (this.#header[i] ?? 0);
    }
    if (size > MAX_FRAME_BYTES) return 'frame over 16 MiB';
    this.#inBody = true;
    this.#bodyLeft = size;
    if (flags & COMMAND) {
      if (size > MAX_COMMAND_BYTES) return 'command over 64 KiB';
      if (this.#sizes.length === 0) this.#commandStart = start;
      else this.#messageBytes += 2 + size;
      return this.#messageBytes > MAX_MESSAGE_BYTES ? 'message over 32 MiB' : undefined;
    }
    if (this.#phase === 'handshake') return 'message before READY';
    if (this.#sizes.length === MAX_MESSAGE_FRAMES) return 'message over 1,024 frames';
    this.#messageBytes += size;
    if (this.#messageBytes > MAX_MESSAGE_BYTES) return 'message over 32 MiB';
    this.#starts.push(start);
    this.#sizes.push(size);
    return undefined;
  }
}
