// The HTTP server in front of everything: every request and every upgrade passes the door [S2], every answer bears the headers [S10],
// and connections are counted and timed from their first moment [S5]. socket.io is handed upgrades that have passed, and nothing else.

import { createServer, type IncomingMessage, type Server, type ServerResponse, STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { type Door, isLoopback, type Refusal, SOCKET_PATH, upgradeRefusal } from './door.ts';
import { securityHeaders } from './headers.ts';
import type { Limits } from './limits.ts';
import type { Page } from './page.ts';

export interface Front {
  readonly server: Server;
  /** Makes the front the only listener again, after socket.io has attached itself to the server. */
  restore(): void;
  /** Ends what is still open, whatever state it is in. */
  destroyAll(): void;
}

export interface FrontOptions {
  readonly page: Page;
  readonly limits: Limits;
  /** Known once the port is. */
  readonly door: () => Door;
  /** A reason of the hub's to refuse an upgrade that has passed the door. */
  readonly full: (request: IncomingMessage) => Refusal | undefined;
  readonly upgrade: (request: IncomingMessage, socket: Duplex, head: Buffer) => void;
  readonly onRefused: (refusal: Refusal) => void;
}

export function openFront({ page, limits, door, full, upgrade, onRefused }: FrontOptions): Front {
  const server = createServer({
    headersTimeout: limits.handshakeMs,
    requestTimeout: limits.handshakeMs,
    connectionsCheckingInterval: Math.min(1000, limits.handshakeMs),
    keepAliveTimeout: limits.handshakeMs,
    maxHeaderSize: 8 * 1024,
    // The door answers this itself, and with all headers.
    requireHostHeader: false,
  });
  server.setTimeout(limits.idleMs);

  const answer = (request: IncomingMessage, response: ServerResponse) => {
    const refusal = door().refusal(request) ?? notAPage(request);
    const headers = securityHeaders(refusal?.status === 421 ? undefined : request.headers.host);
    if (refusal) {
      onRefused(refusal);
      // A refused body is not read to its end.
      response.writeHead(refusal.status, { ...headers, ...refusalHeaders(refusal), Connection: 'close' });
      response.end(request.method === 'HEAD' ? undefined : refusal.message);
      return;
    }
    const file = page.find((request.url ?? '').split('?', 1)[0] ?? '');
    if (!file) {
      const missing: Refusal = { status: 404, message: 'Not found.' };
      response.writeHead(404, { ...headers, ...refusalHeaders(missing) });
      response.end(request.method === 'HEAD' ? undefined : missing.message);
      return;
    }
    response.writeHead(200, { ...headers, ...file.headers });
    response.end(request.method === 'HEAD' ? undefined : file.body);
  };
  const answerUpgrade = (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    const refusal = door().refusal(request) ?? upgradeRefusal(request) ?? full(request);
    if (!refusal) return upgrade(request, socket, head);
    onRefused(refusal);
    refuseSocket(socket, refusal);
  };
  server.on('checkExpectation', answer);
  server.on('clientError', (error, socket) => {
    const late = 'code' in error && error.code === 'ERR_HTTP_REQUEST_TIMEOUT';
    if (late) socket.destroy();
    else refuseSocket(socket, { status: 400, message: 'Bad request.' });
  });

  const open = countSockets(server, limits);
  return {
    server,
    restore() {
      server.removeAllListeners('request').on('request', answer);
      server.removeAllListeners('upgrade').on('upgrade', answerUpgrade);
    },
    destroyAll() {
      for (const socket of open) socket.destroy();
    },
  };
}

const notAPage = ({ url = '' }: IncomingMessage): Refusal | undefined =>
  url.startsWith(SOCKET_PATH.slice(0, -1)) ? { status: 403, message: 'WebSocket only.' } : undefined;

const refusalHeaders = ({ message }: Refusal): Record<string, string> => ({
  'Content-Type': 'text/plain; charset=utf-8',
  'Content-Length': String(Buffer.byteLength(message)),
  'Cache-Control': 'no-store',
});

/** There is no response object before a request is understood or once it is an upgrade, so the answer is written by hand. */
function refuseSocket(socket: Duplex, refusal: Refusal): void {
  socket.on('error', () => socket.destroy());
  if (!socket.writable) {
    socket.destroy();
    return;
  }
  const lines = [`HTTP/1.1 ${refusal.status} ${STATUS_CODES[refusal.status]}`, 'Connection: close'];
  const headers = { ...securityHeaders(), ...refusalHeaders(refusal) };
  for (const [name, value] of Object.entries(headers)) lines.push(`${name}: ${value}`);
  socket.end(`${lines.join('\r\n')}\r\n\r\n${refusal.message}`, () => socket.destroy());
}

/** The LAN can use up neither the whole server nor, from one address, the LAN's share of it. */
function countSockets(server: Server, limits: Limits): ReadonlySet<Socket> {
  const open = new Set<Socket>();
  const away = new Map<string, number>();
  let awayCount = 0;
  server.on('connection', (socket) => {
    const address = socket.remoteAddress ?? 'gone';
    const local = isLoopback(address);
    const fromHere = away.get(address) ?? 0;
    const full =
      open.size >= limits.sockets ||
      (!local && (awayCount >= limits.sockets - limits.keptForThisMachine || fromHere >= limits.socketsAnAddress));
    if (full) {
      socket.destroy();
      return;
    }
    open.add(socket);
    if (!local) {
      awayCount++;
      away.set(address, fromHere + 1);
    }
    socket.once('close', () => {
      open.delete(socket);
      if (local) return;
      awayCount--;
      const left = (away.get(address) ?? 1) - 1;
      if (left > 0) away.set(address, left);
      else away.delete(address);
    });
  });
  return open;
}
