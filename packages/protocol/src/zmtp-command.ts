// ZMTP command bodies (RFC 37): READY with its properties, ERROR, PING and PONG [Z1] [Z5]. Reading is total.

import { bytesFrame, type Frame } from './frames.ts';

/** Names are compared without case (RFC 37); values are bytes as text. Order and repeats are kept as sent. */
export type Properties = readonly (readonly [name: string, value: Frame])[];

export function property(properties: Properties, name: string): Frame | undefined {
  const wanted = name.toLowerCase();
  return properties.find(([n]) => n.toLowerCase() === wanted)?.[1];
}

/** The properties with one set, in its old place if it had one, else at the end. */
export function withProperty(properties: Properties, name: string, value: Frame): Properties {
  const wanted = name.toLowerCase();
  if (property(properties, name) === undefined) return [...properties, [name, value]];
  return properties.map((p) => (p[0].toLowerCase() === wanted ? [p[0], value] : p));
}

export type CommandBody =
  | { readonly type: 'ready'; readonly properties: Properties }
  | { readonly type: 'error'; readonly reason: string }
  | {
      readonly type: 'command';
      readonly name: string;
      /** Of a PING: for how long the sender lets the silence last, in tenths of a second. */
      readonly ttlDeciseconds?: number;
      /** Of a PING, and echoed by its PONG. */
      readonly context?: Frame;
    };

/** What a command says, or undefined when it is malformed. */
export function readCommandBody(body: Uint8Array): CommandBody | undefined {
  const nameLength = body[0];
  if (nameLength === undefined || 1 + nameLength > body.length) return undefined;
  const name = bytesFrame(body.subarray(1, 1 + nameLength));
  const rest = body.subarray(1 + nameLength);
  switch (name) {
    case 'READY': {
      const properties = readProperties(rest);
      return properties && { type: 'ready', properties };
    }
    case 'ERROR':
      return { type: 'error', reason: bytesFrame(rest.subarray(1, 1 + (rest[0] ?? 0))) };
    case 'PING':
      // libzmq takes a PING that is cut short for one without a time to live.
      if (rest.length < 2) return { type: 'command', name };
      return {
        type: 'command',
        name,
        ttlDeciseconds: ((rest[0] ?? 0) << 8) | (rest[1] ?? 0),
        context: bytesFrame(rest.subarray(2)),
      };
    case 'PONG':
      return { type: 'command', name, context: bytesFrame(rest) };
    default:
      return { type: 'command', name };
  }
}

function readProperties(bytes: Uint8Array): Properties | undefined {
  const properties: [string, Frame][] = [];
  let at = 0;
  while (at < bytes.length) {
    const nameEnd = at + 1 + (bytes[at] ?? 0);
    if (nameEnd + 4 > bytes.length) return undefined;
    const name = bytesFrame(bytes.subarray(at + 1, nameEnd));
    const size = uint32(bytes, nameEnd);
    at = nameEnd + 4 + size;
    if (at > bytes.length) return undefined;
    properties.push([name, bytesFrame(bytes.subarray(nameEnd + 4, at))]);
  }
  return properties;
}

const uint32 = (bytes: Uint8Array, at: number): number =>
  (((bytes[at] ?? 0) << 24) | ((bytes[at + 1] ?? 0) << 16) | ((bytes[at + 2] ?? 0) << 8) | (bytes[at + 3] ?? 0)) >>> 0;
