// Frames of the Paranoid Pirate Protocol (RFC 6 and the seed's dialect). Reading is total: no input throws [F6].

/** The bytes of one frame as text, one character (0 to 255) a byte: compares with ===, keys a Map, goes through JSON. */
export type Frame = string;
export type Message = readonly Frame[];
export type Dialect = 'rfc' | 'text';
export type Control = 'READY' | 'HEARTBEAT';
/** What a message is on a link, told by its frame count and direction alone [F1]. */
export type Kind = Control | 'REQUEST' | 'REPLY' | 'INVALID';
/** Which way on a link. */
export type Direction = 'toQueue' | 'fromQueue';
/** Which of the queue's two sockets a link ends at. */
export type Side = 'frontend' | 'backend';

const SPELLING: Record<Dialect, Record<Control, Frame>> = {
  rfc: { READY: '\x01', HEARTBEAT: '\x02' },
  text: { READY: 'READY', HEARTBEAT: 'HEARTBEAT' },
};

/** The one frame of a control message [F2]. */
export const controlFrame = (control: Control, dialect: Dialect): Frame => SPELLING[dialect][control];

/** What a single frame says and in which dialect, or undefined when it is neither READY nor HEARTBEAT. */
export function readControl(frame: Frame): { control: Control; dialect: Dialect } | undefined {
  switch (frame) {
    case '\x01':
      return { control: 'READY', dialect: 'rfc' };
    case '\x02':
      return { control: 'HEARTBEAT', dialect: 'rfc' };
    case 'READY':
      return { control: 'READY', dialect: 'text' };
    case 'HEARTBEAT':
      return { control: 'HEARTBEAT', dialect: 'text' };
    default:
      return undefined;
  }
}

/**
 * The kind of a message as it stands on a link (without the ROUTER's own routing frame).
 * Needs only the frame count and, for one frame, the frame [F1] [F7]; for a REQ worker's READY the second one as well [Q11].
 */
export function kindOnLink(
  side: Side,
  direction: Direction,
  frameCount: number,
  first: Frame,
  second?: Frame | undefined,
): Kind {
  if (frameCount === 0) return 'INVALID';
  if (side === 'frontend') {
    if (frameCount < 2) return 'INVALID';
    return direction === 'toQueue' ? 'REQUEST' : 'REPLY';
  }
  if (frameCount === 1) return readControl(first)?.control ?? 'INVALID';
  if (frameCount === 2 && first === '' && second !== undefined && direction === 'toQueue')
    return readControl(second)?.control ?? 'INVALID';
  return direction === 'toQueue' ? 'REPLY' : 'REQUEST';
}

/**
 * Splits at the first empty frame [F3]: the stack of addresses before it, and the body after it.
 * Without a delimiter there is no envelope: undefined.
 */
export function splitEnvelope(message: Message): { stack: Message; body: Message } | undefined {
  const delimiter = message.indexOf('');
  if (delimiter < 0) return undefined;
  return { stack: message.slice(0, delimiter), body: message.slice(delimiter + 1) };
}

/** Without the delimiter that a REQ socket puts before everything, if it is there: what the guide's zmsg_unwrap takes away [Q11]. */
export const unwrapped = (message: Message): Message =>
  message.length > 1 && message[0] === '' ? message.slice(1) : message;

/** What our own clients write in a request's body, so that a reply can be matched without trusting the envelope [C1] [C4]. */
export interface RequestBody {
  /** The client's own id, new for each process. */
  readonly c: string;
  /** The number of the request, from 1. */
  readonly n: number;
}

/** Keys in a fixed order, so that the same request has the same bytes on every try. */
export const writeRequestBody = (body: RequestBody): Frame => JSON.stringify({ c: body.c, n: body.n });

/** The request body of one of our clients, or undefined for anybody else's. */
export function readRequestBody(frame: Frame): RequestBody | undefined {
  // Cheap refusal first: guests' bodies come through here too, at their own rate and size.
  if (!frame.startsWith('{"c":"') || frame.length > 128) return undefined;
  try {
    const value: unknown = JSON.parse(frame);
    if (typeof value !== 'object' || value === null) return undefined;
    const { c, n } = value as Record<string, unknown>;
    return typeof c === 'string' && typeof n === 'number' && Number.isSafeInteger(n) ? { c, n } : undefined;
  } catch {
    return undefined;
  }
}

/** The bytes of a frame, for a socket. */
export function frameBytes(frame: Frame): Uint8Array {
  const bytes = new Uint8Array(frame.length);
  for (let i = 0; i < frame.length; i++) bytes[i] = frame.charCodeAt(i);
  return bytes;
}

/** The frame that these bytes are. */
export function bytesFrame(bytes: Uint8Array): Frame {
  let frame = '';
  // In slices: fromCharCode takes its bytes as arguments, and a large frame would overflow the stack.
  for (let i = 0; i < bytes.length; i += 8192) frame += String.fromCharCode(...bytes.subarray(i, i + 8192));
  return frame;
}
