// Damage to a message: four modes, always as whole frames that are written anew, so that the stream of the connection stays in sync [L4].
// Which bits is drawn from the fault's stream; the word of that draw is in the verdict, and the carrier calls this with the bytes.

import { bytesFrame, type Dialect, readControl } from './frames.ts';

/**
 * `payload`: a bit of the body. `type`: a bit of a control message, or READY for HEARTBEAT. `envelope`: a bit of the address, or
 * the delimiter is none any more. `structure`: a frame more than was sent, or the end of the message in its middle.
 */
export const DAMAGES = ['payload', 'type', 'envelope', 'structure'] as const;
export type Damage = (typeof DAMAGES)[number];

/** A hit of a corrupting fault: everything that the damage depends on but the bytes. */
export interface DamageDone {
  readonly fault: string;
  readonly mode: Damage;
  readonly word: number;
}

type Frames = readonly Uint8Array[];

/** The messages that come out: one, or two when a message ends too early. Total: any frames, any word. */
export function corrupt(frames: Frames, { mode, word }: Pick<DamageDone, 'mode' | 'word'>): readonly Frames[] {
  if (frames.length === 0) return [frames];
  switch (mode) {
    case 'payload':
      return [withFrame(frames, bodyAt(frames, word), (frame) => flipped(frame, word))];
    case 'type':
      return [withFrame(frames, 0, (frame) => otherType(frame, word))];
    case 'envelope':
      return [withFrame(frames, envelopeAt(frames, word), (frame) => flipped(frame, word))];
    case 'structure':
      return tornApart(frames, word);
  }
}

/** All damages, one after the other. */
export function corruptAll(frames: Frames, damages: readonly DamageDone[]): readonly Frames[] {
  let messages: readonly Frames[] = [frames];
  for (const damage of damages) messages = messages.flatMap((message) => corrupt(message, damage));
  return messages;
}

function withFrame(frames: Frames, at: number, change: (frame: Uint8Array) => Uint8Array): Frames {
  return frames.map((frame, i) => (i === at ? change(frame) : frame));
}

/** One bit is another; an empty frame gets a byte. */
function flipped(frame: Uint8Array, word: number): Uint8Array {
  if (frame.length === 0) return Uint8Array.of(1 + (word % 255));
  const copy = frame.slice();
  const at = word % copy.length;
  copy[at] = (copy[at] ?? 0) ^ (1 << ((word >>> 16) & 7));
  return copy;
}

const delimiterAt = (frames: Frames): number => frames.findIndex((frame) => frame.length === 0);

function bodyAt(frames: Frames, word: number): number {
  const first = Math.min(delimiterAt(frames) + 1, frames.length - 1);
  return first + ((word >>> 8) % (frames.length - first));
}

/** Of the frames before the body, the delimiter included. Without a delimiter: the first frame. */
const envelopeAt = (frames: Frames, word: number): number => (word >>> 8) % (Math.max(0, delimiterAt(frames)) + 1);

const OTHER: Record<Dialect, Record<'READY' | 'HEARTBEAT', readonly number[]>> = {
  rfc: { READY: [2], HEARTBEAT: [1] },
  text: {
    READY: [...'HEARTBEAT'].map((c) => c.charCodeAt(0)),
    HEARTBEAT: [...'READY'].map((c) => c.charCodeAt(0)),
  },
};

/** Every other time a valid word, the wrong one; else a bit. */
function otherType(frame: Uint8Array, word: number): Uint8Array {
  const said = readControl(bytesFrame(frame.subarray(0, 16)));
  if (said && frame.length <= 16 && (word >>> 24) % 2 === 0) {
    return Uint8Array.from(OTHER[said.dialect][said.control]);
  }
  return flipped(frame, word);
}

/** A frame in two, or, where there is more than one frame, MORE forgotten behind one of them: the rest is a message of its own. */
function tornApart(frames: Frames, word: number): readonly Frames[] {
  const at = word % frames.length;
  if (frames.length > 1 && (word >>> 24) % 2 === 0) {
    const end = 1 + (word % (frames.length - 1));
    return [frames.slice(0, end), frames.slice(end)];
  }
  const frame = frames[at] ?? new Uint8Array(0);
  const middle = frame.length >> 1;
  return [[...frames.slice(0, at), frame.subarray(0, middle), frame.subarray(middle), ...frames.slice(at + 1)]];
}
