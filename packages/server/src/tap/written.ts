// A message as a flow carries it: its bytes on the wire, its frames when they are asked for, and what the trace shows of them.

import {
  bytesFrame,
  corruptAll,
  type DamageDone,
  frameBytes,
  type Message,
  type MessageItem,
  peekFrame,
  writeFrames,
} from '@crows-nest/protocol';

/** What the trace shows of a message: the first bytes of the first frames, their true sizes and the true count. */
export interface Shown {
  readonly frames: string[];
  readonly sizes: number[];
  readonly frameCount: number;
}

export interface Written {
  readonly shown: Shown;
  /** As it goes over the wire, and how many bytes that are. */
  readonly raw: readonly Uint8Array[];
  readonly size: number;
  /** Bytes of all frames' bodies. */
  readonly bodySize: number;
  bodies(): Uint8Array[];
}

const SHOWN_FRAMES = 8;
const SHOWN_BYTES = 256;
/** A larger message is not kept to be sent again. */
const MOST_KEPT = 16 * 1024;

export function asRead(item: MessageItem): Written {
  const frameCount = item.sizes.length;
  const frames: string[] = [];
  for (let i = 0; i < frameCount && i < SHOWN_FRAMES; i++) frames.push(latin1(peekFrame(item, i, SHOWN_BYTES)));
  let bodySize = 0;
  for (const size of item.sizes) bodySize += size;
  return {
    shown: { frames, sizes: item.sizes.slice(0, SHOWN_FRAMES), frameCount },
    ...{ raw: item.raw, size: item.size, bodySize },
    bodies: () => item.sizes.map((size, i) => peekFrame(item, i, size)),
  };
}

export function asWritten(bodies: readonly Uint8Array[]): Written {
  const raw = writeFrames(bodies);
  const shown = bodies.slice(0, SHOWN_FRAMES);
  return {
    shown: {
      frames: shown.map((frame) => latin1(frame.subarray(0, SHOWN_BYTES))),
      sizes: shown.map((frame) => frame.length),
      frameCount: bodies.length,
    },
    ...{ raw: [raw], size: raw.length },
    bodySize: bodies.reduce((sum, frame) => sum + frame.length, 0),
    bodies: () => [...bodies],
  };
}

export const asFrames = (frames: Message): Written => asWritten(frames.map(frameBytes));

/** What is left of it after these damages: one message, or more. */
export const damaged = (message: Written, damages: readonly DamageDone[]): readonly Written[] =>
  corruptAll(message.bodies(), damages).map(asWritten);

/** Its frames to be kept, unless they are too large for that. Mostly all of them are shown, and nothing is copied. */
export function toKeep({ shown, bodySize, bodies }: Written): Message | undefined {
  if (shown.frames.length === shown.frameCount && shown.sizes.every((size) => size <= SHOWN_BYTES)) return shown.frames;
  return bodySize > MOST_KEPT ? undefined : bodies().map(bytesFrame);
}

const latin1 = (view: Uint8Array): string =>
  view.length === 0 ? '' : Buffer.from(view.buffer as ArrayBuffer, view.byteOffset, view.length).toString('latin1');
