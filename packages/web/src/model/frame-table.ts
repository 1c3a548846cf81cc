// A message's frames the way the ZeroMQ guide draws them: number, size, bytes, and what each is there for [F3].

import { type Frame, type Kind, type Side, splitEnvelope } from '@crows-nest/protocol';

export type Meaning =
  | 'workerIdentity'
  | 'clientIdentity'
  | 'returnAddress'
  | 'delimiter'
  | 'body'
  | 'control'
  | 'notUnderstood';

export interface FrameRow {
  readonly number: number;
  readonly size: number;
  readonly frame: Frame;
  readonly meaning: Meaning;
  /** The queue's ROUTER puts it in front, or takes it off: it is never on the wire. */
  readonly queueOnly: boolean;
  /** Only its beginning is kept. */
  readonly cut: boolean;
}

export interface Framed {
  readonly kind: Kind;
  readonly frames: readonly Frame[];
  readonly sizes: readonly number[];
}

/** `identity` is the name that the queue's ROUTER has for this link's connection, when it is known. */
export function frameTable(message: Framed, side: Side, identity: string | null): readonly FrameRow[] {
  const routed = identity === null || identity === '' ? [] : [identity];
  const wire = message.frames.map((frame, index) => ({ frame, meaning: meaningOf(message, side, index) }));
  const routing: Meaning = side === 'backend' ? 'workerIdentity' : 'clientIdentity';
  return [
    ...routed.map(
      (frame): FrameRow => ({
        number: 1,
        size: frame.length,
        frame,
        meaning: routing,
        queueOnly: true,
        cut: false,
      }),
    ),
    ...wire.map(({ frame, meaning }, index): FrameRow => {
      const size = message.sizes[index] ?? frame.length;
      const number = index + 1 + routed.length;
      return { number, size, frame, meaning, queueOnly: false, cut: size > frame.length };
    }),
  ];
}

function meaningOf({ kind, frames }: Framed, side: Side, index: number): Meaning {
  if (kind === 'READY' || kind === 'HEARTBEAT') return 'control';
  const stack = splitEnvelope(frames)?.stack.length;
  if (kind === 'INVALID' || stack === undefined) return 'notUnderstood';
  if (index === stack) return 'delimiter';
  if (index > stack) return 'body';
  return side === 'backend' && index === 0 ? 'clientIdentity' : 'returnAddress';
}

/** `39 30 43`, at most `most` bytes of it. */
export function hexText(frame: Frame, most: number): string {
  const bytes: string[] = [];
  for (let i = 0; i < frame.length && i < most; i++) {
    bytes.push(frame.charCodeAt(i).toString(16).toUpperCase().padStart(2, '0'));
  }
  return frame.length > most ? `${bytes.join(' ')} …` : bytes.join(' ');
}
