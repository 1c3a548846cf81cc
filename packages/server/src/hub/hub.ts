// The hub: the one place that knows socket.io. It shows the stage to everyone who may look and takes commands from whom may give them.

import type { AddressInfo } from 'node:net';
import { Server } from 'socket.io';
import { type Io, openAudience, type Page } from './audience.ts';
import { type Door, lanAddresses, openDoor, SOCKET_PATH } from './door.ts';
import { type Front, openFront } from './front.ts';
import { guard } from './guard.ts';
import { securityHeaders } from './headers.ts';
import { LIMITS, type Limits, openBucket } from './limits.ts';
import { takeOrders } from './orders.ts';
import { readPage } from './page.ts';
import type { Stage } from './stage.ts';
import { openTally, type Tally } from './tally.ts';
import { openTokens } from './tokens.ts';

export { PageMissing } from './page.ts';
export type { Limits, Stage, Tally };

export interface HubOptions {
  /** 0 lets the system choose. */
  readonly port: number;
  /** Opens this port, and no other, to the network; viewers there need the view link [S1] [S3]. */
  readonly lan: boolean;
  /** The built page. */
  readonly pageDir: string;
  readonly stage: Stage;
  /** One line for the terminal: never a token, never a stranger's bytes. */
  readonly log?: (line: string) => void;
  readonly limits?: Partial<Limits>;
  /** A fault of our own code; left out, it is thrown as an uncaught error [S11]. */
  readonly onDefect?: (error: unknown) => void;
}

export interface Hub {
  readonly port: number;
  /** A new presenter link at each call; it works once and only on this machine [S3]. */
  launchUrl(): string;
  /** On the LAN's address with the view token when `lan` is on, else on loopback. */
  viewUrl(): string;
  /** What was refused and ignored so far. */
  readonly tally: Readonly<Tally>;
  close(): Promise<void>;
}

/** Another process listens on this port. */
export class PortTaken extends Error {
  override readonly name = 'PortTaken';
  readonly code = 'port-taken';
  readonly port: number;
  constructor(port: number) {
    super(`Port ${port} is taken: stop what listens there, or choose another port.`);
    this.port = port;
  }
}

export async function openHub(options: HubOptions): Promise<Hub> {
  const limits: Limits = { ...LIMITS, ...options.limits };
  const onDefect = options.onDefect ?? throwUncaught;
  const page = readPage(options.pageDir);
  const tokens = openTokens();
  const tally = openTally();
  const addresses = options.lan ? lanAddresses() : [];
  const mayLog = openBucket({ perSecond: 1, burst: 20 });
  let door: Door = openDoor(options.port, addresses);

  const front = openFront({
    page,
    limits,
    door: () => door,
    full: (request) => watch.full(request),
    upgrade: (request, socket, head) => io.engine.handleUpgrade(request, socket, head),
    onRefused: ({ status, message }) => {
      tally.refused++;
      if (mayLog.take()) options.log?.(`refused with ${status}: ${message}`);
    },
  });
  const io: Io = new Server(front.server, {
    path: SOCKET_PATH,
    transports: ['websocket'],
    allowUpgrades: false,
    perMessageDeflate: false,
    httpCompression: false,
    serveClient: false,
    maxHttpBufferSize: limits.packetBytes,
    connectTimeout: limits.handshakeMs,
    pingInterval: limits.pingIntervalMs,
    pingTimeout: limits.pingTimeoutMs,
    // The front has asked already; whoever wires this anew should find the door here as well.
    allowRequest: (request, decide) => decide(null, !door.refusal(request)),
  });
  // From here on requests reach engine.io only through the front, and polling none at all.
  front.restore();
  io.engine.on('headers', (headers: Record<string, string>, request: { headers: { host?: string } }) => {
    Object.assign(headers, securityHeaders(request.headers.host));
  });

  const watch = guard({ io, tokens, limits, tally });
  const audience = openAudience({
    io,
    limits,
    snapshots: () => options.stage.snapshots(),
    onBehind: () => tally.fellBehind++,
    onStalled: () => tally.stalled++,
  });
  const welcome = (page: Page): void => {
    const { role, session } = page.data;
    const { recordings } = options.stage;
    page.emit('welcome', { role, session, ...(role === 'presenter' && recordings.length > 0 && { recordings }) });
  };
  io.on('connection', (socket) => {
    socket.onAny((event) => {
      if (event !== 'command') tally.unknownEvents++;
    });
    takeOrders(socket, options.stage, onDefect);
    welcome(socket);
    audience.seat(socket);
  });

  const port = await listen(front, options);
  door = openDoor(port, addresses);
  const stops = [
    options.stage.onBatch(audience.publish),
    options.stage.onAnew(() => {
      for (const page of io.sockets.sockets.values()) welcome(page);
      audience.anew();
    }),
  ];
  const here = `http://127.0.0.1:${port}/`;
  const away = addresses[0] === undefined ? undefined : `http://${addresses[0]}:${port}/#view=${tokens.view}`;
  let closing: Promise<void> | undefined;
  return {
    port,
    tally,
    launchUrl: () => `${here}#launch=${tokens.mintLaunch()}`,
    viewUrl: () => away ?? here,
    close: () => {
      closing ??= close(io, front, () => {
        for (const stop of stops) stop();
        audience.close();
      });
      return closing;
    },
  };
}

function listen({ server }: Front, { port, lan }: HubOptions): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error) => {
      reject('code' in error && error.code === 'EADDRINUSE' ? new PortTaken(port) : error);
    });
    server.listen({ port, host: lan ? '0.0.0.0' : '127.0.0.1', exclusive: true }, () => {
      resolve((server.address() as AddressInfo).port);
    });
  });
}

/** Pages are told by their connection's end, and so connect again when a hub is back; what is stuck is cut after a moment. */
async function close(io: Io, front: Front, stop: () => void): Promise<void> {
  stop();
  const cut = setTimeout(front.destroyAll, 200);
  await io.close();
  clearTimeout(cut);
  front.destroyAll();
}

function throwUncaught(error: unknown): void {
  setImmediate(() => {
    throw error;
  });
}
