// A small real stage for the hub's tests: a trace in memory, its fold, and batches in order. Also the ways to knock at a hub.

import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type IncomingHttpHeaders, request } from 'node:http';
import { connect, type Socket as NetSocket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  apply,
  type Batch,
  type Command,
  type CommandAnswer,
  copyState,
  emptyState,
  type FromHub,
  type SideName,
  type Snapshots,
  type State,
  type ToHub,
  type TraceEvent,
  unpack,
} from '@crows-nest/protocol';
import { type Socket as ClientSocket, io } from 'socket.io-client';
import { afterAll, afterEach } from 'vitest';
import { lanAddresses } from '../src/hub/door.ts';
import { type Hub, type HubOptions, openHub } from '../src/hub/hub.ts';
import type { Stage } from '../src/hub/stage.ts';

export type Client = ClientSocket<FromHub, ToHub>;

type States = Partial<Record<SideName, State>>;

export interface TraceStage extends Stage {
  readonly carried: Command[];
  /** The side of each. */
  readonly sides: SideName[];
  /** Of side A. */
  readonly state: State;
  readonly states: States;
  /** Adds this many facts to a side and publishes them as one batch. */
  play(facts: number, name?: string, side?: SideName): void;
  /** Another run, which its state is marked with, and each of its facts. */
  anew(isCompared: boolean): void;
}

export function traceStage(carryOut?: (command: Command) => Promise<CommandAnswer>): TraceStage {
  let runs = 1;
  let states: States & { a: State } = { a: emptyState() };
  let recordings = ['/run-1.ndjson'];
  const carried: Command[] = [];
  const sides: SideName[] = [];
  const listeners = new Set<(batch: Batch, side: SideName) => void>();
  const anewListeners = new Set<() => void>();
  const snapshotOf = (state: State) => ({ state: copyState(state), now: state.t });
  const begin = (): State => ({ ...emptyState(), startedAt: `run ${runs}` });
  return {
    carried,
    sides,
    get state() {
      return states.a;
    },
    get states() {
      return states;
    },
    get recordings() {
      return recordings;
    },
    snapshots: () => ({ a: snapshotOf(states.a), ...(states.b && { b: snapshotOf(states.b) }) }),
    onBatch(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    onAnew(listener) {
      anewListeners.add(listener);
      return () => anewListeners.delete(listener);
    },
    async carryOut(command, side) {
      carried.push(command);
      sides.push(side);
      return carryOut ? carryOut(command) : { ok: true };
    },
    anew(isCompared) {
      runs++;
      states = { a: begin(), ...(isCompared && { b: begin() }) };
      recordings = [`/run-${runs}.ndjson`];
      for (const listener of anewListeners) listener();
    },
    play(facts, name, side = 'a') {
      const state = states[side];
      if (!state) throw new Error(`there is no side ${side}`);
      const events: TraceEvent[] = [];
      for (let i = 0; i < facts; i++) {
        const seq = state.seq + 1;
        const event: TraceEvent = {
          seq,
          t: seq,
          type: 'peer.joined',
          peer: `guest-${(seq % 9) + 1}`,
          role: 'worker',
          guest: true,
          // Each its own: a batch holds a text only once.
          name: `${name ?? state.startedAt ?? 'a guest'} ${seq}`,
        };
        apply(state, event);
        events.push(event);
      }
      for (const listener of listeners) listener({ events, now: state.t }, side);
    },
  };
}

const PAGE: Record<string, string> = {
  'index.html': '<!doctype html><title>page</title>',
  'favicon.svg': '<svg/>',
  'assets/index-C0ffee12.js': 'export {};',
  'assets/plain.js': 'export {};',
  '.env': 'secret',
};

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** Gone when the file's tests are over. */
export function makeFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'hub-test-'));
  folders.push(folder);
  return folder;
}

export function buildPage(): string {
  const folder = makeFolder();
  mkdirSync(join(folder, 'assets'));
  for (const [name, text] of Object.entries(PAGE)) writeFileSync(join(folder, name), text);
  return folder;
}

const pageDir = buildPage();
const toClose: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of toClose.splice(0).reverse()) await close();
});

export async function open(options: Partial<HubOptions> = {}): Promise<{ hub: Hub; stage: TraceStage }> {
  const stage = (options.stage as TraceStage | undefined) ?? traceStage();
  const hub = await openHub({ port: 0, lan: false, pageDir, ...options, stage });
  toClose.push(() => hub.close());
  return { hub, stage };
}

export interface KnockOptions {
  auth?: unknown;
  host?: string;
  headers?: Record<string, string>;
}

export const onALan = lanAddresses().length > 0;

/** Open to the LAN, by the address that it shows there; only where there is one. */
export async function openToLan(options: Partial<HubOptions> = {}) {
  const opened = await open({ lan: true, ...options });
  const { hostname, host } = new URL(opened.hub.viewUrl());
  return { ...opened, hostname, host };
}

/** With a presenter and a viewer who follow. */
export async function openToBoth(options: Partial<HubOptions> = {}) {
  const opened = await open(options);
  const presenter = await follow(opened.hub, { auth: presenterAuth(opened.hub) });
  return { ...opened, presenter, viewer: await follow(opened.hub) };
}

/** A page's own connection, as a browser on this machine makes it: with an origin. */
export function knock(hub: Hub, { auth = {}, host = '127.0.0.1', headers }: KnockOptions = {}): Client {
  const url = `http://${host}:${hub.port}`;
  const client: Client = io(url, {
    transports: ['websocket'],
    forceNew: true,
    reconnection: false,
    auth: auth as Record<string, unknown>,
    extraHeaders: headers ?? { Origin: url },
  });
  toClose.push(() => client.disconnect());
  return client;
}

export interface Followed {
  readonly client: Client;
  readonly role: string;
  readonly session: string;
  readonly recordings?: readonly string[];
  /** Everything received, in order. */
  readonly snapshots: Snapshots[];
  readonly seqs: number[];
  /** The first breach of "snapshots, then consecutive facts of the same run", if there was one. */
  breach: string | undefined;
  states: States;
  /** Of side A. */
  readonly state: State | undefined;
}

/** Connects, waits for the first snapshot, and from then on folds what comes as the web does. */
export async function follow(hub: Hub, options: KnockOptions = {}): Promise<Followed> {
  const client = knock(hub, options);
  const followed: Followed = {
    client,
    role: '',
    session: '',
    snapshots: [],
    seqs: [],
    breach: undefined,
    states: {},
    get state() {
      return this.states.a;
    },
  };
  client.on('welcome', (welcome) => Object.assign(followed, welcome));
  client.on('snapshot', (snapshots) => {
    followed.snapshots.push(snapshots);
    const { a, b } = snapshots;
    followed.states = { a: a.state, ...(b && { b: b.state }) };
  });
  client.on('batch', ({ packed, side }) => {
    const state = followed.states[side];
    const unpacked = unpack(new Uint8Array(packed));
    if (!unpacked.ok) followed.breach ??= unpacked.why;
    for (const event of unpacked.ok ? unpacked.events : []) {
      if (!state) followed.breach ??= `a batch of ${side} before its snapshot`;
      else if (event.seq !== state.seq + 1) followed.breach ??= `${side}: ${event.seq} after ${state.seq}`;
      else if (
        event.type === 'peer.joined' &&
        state.startedAt !== null &&
        !event.name.startsWith(`${state.startedAt} `)
      )
        followed.breach ??= `${event.name} in ${state.startedAt}`;
      if (state) apply(state, event);
      followed.seqs.push(event.seq);
    }
  });
  await new Promise<void>((resolve, reject) => {
    client.once('snapshot', () => resolve());
    client.once('connect_error', reject);
  });
  return followed;
}

export async function untilSeq(followed: Followed, seq: number): Promise<void> {
  await untilSo(followed, () => (followed.state?.seq ?? -1) >= seq);
}

/** Until it has all of every side of the run that is on. */
export async function untilSame(followed: Followed, { states }: TraceStage): Promise<void> {
  const isSame = (side: SideName): boolean => {
    const [its, own] = [followed.states[side], states[side]];
    return its?.startedAt === own?.startedAt && its?.seq === own?.seq;
  };
  await untilSo(followed, () => isSame('a') && isSame('b'));
}

async function untilSo({ client }: Followed, isSo: () => boolean): Promise<void> {
  while (!isSo()) {
    await new Promise<void>((resolve) => {
      client.once('batch', () => resolve());
      client.once('snapshot', () => resolve());
    });
  }
}

export const presenterAuth = (hub: Hub) => ({ launch: hub.launchUrl().split('#launch=')[1] ?? '' });

/** The code with which a hub refuses this handshake, or the role it gave. */
export function entryOf(hub: Hub, options: KnockOptions = {}): Promise<string> {
  const client = knock(hub, options);
  return new Promise((resolve) => {
    client.once('welcome', ({ role }) => resolve(role));
    client.once('connect_error', (error) => {
      const { data } = error as Error & { data?: { code?: string } };
      resolve(data?.code ?? `closed: ${error.message}`);
    });
  });
}

export interface Answered {
  status: number;
  headers: IncomingHttpHeaders;
  body: string;
}

export function fetchRaw(
  hub: Hub,
  path: string,
  headers: Record<string, string> = {},
  method = 'GET',
): Promise<Answered> {
  return new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port: hub.port, path, method, headers, agent: false }, (response) => {
      let body = '';
      response.setEncoding('utf8');
      response.on('data', (text: string) => {
        body += text;
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body }));
    });
    sent.on('upgrade', (response, socket) => {
      socket.destroy();
      resolve({ status: response.statusCode ?? 0, headers: response.headers, body: '' });
    });
    sent.on('error', reject);
    sent.end();
  });
}

export const upgradeHeaders = {
  Connection: 'Upgrade',
  Upgrade: 'websocket',
  'Sec-WebSocket-Key': 'AAAAAAAAAAAAAAAAAAAAAA==',
  'Sec-WebSocket-Version': '13',
};
export const WS_PATH = '/socket.io/?EIO=4&transport=websocket';

/** A bare TCP connection to the hub, closed with the test. */
export async function dial(hub: Hub, host = '127.0.0.1'): Promise<NetSocket> {
  const socket = connect(hub.port, host);
  socket.on('error', () => {});
  toClose.push(() => socket.destroy());
  await once(socket, 'connect');
  return socket;
}

/** However it ended: a reset is an end like any other here. */
export const closed = (socket: NetSocket): Promise<void> =>
  new Promise((resolve) => socket.once('close', () => resolve()));

/** One masked WebSocket frame, as a client must send it. */
export function frame(payload: string | Buffer, opcode = 1): Buffer {
  const data = Buffer.from(payload);
  const head =
    data.length < 126
      ? Buffer.from([0x80 | opcode, 0x80 | data.length])
      : data.length < 65_536
        ? Buffer.from([0x80 | opcode, 0x80 | 126, data.length >> 8, data.length & 255])
        : Buffer.concat([Buffer.from([0x80 | opcode, 0x80 | 127]), uint64(data.length)]);
  // A mask of zeros masks nothing, and is valid.
  return Buffer.concat([head, Buffer.alloc(4), data]);
}

function uint64(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(BigInt(value));
  return bytes;
}

/** Opens a WebSocket by hand and answers with the socket once the hub has switched to it; nothing is read after that. */
export async function dialWebSocket(hub: Hub, origin = `http://127.0.0.1:${hub.port}`): Promise<NetSocket> {
  const socket = await dial(hub);
  const lines = [`GET ${WS_PATH} HTTP/1.1`, `Host: 127.0.0.1:${hub.port}`, `Origin: ${origin}`];
  for (const [name, value] of Object.entries(upgradeHeaders)) lines.push(`${name}: ${value}`);
  socket.write(`${lines.join('\r\n')}\r\n\r\n`);
  const [first] = (await once(socket, 'data')) as [Buffer];
  if (!first.toString('latin1').startsWith('HTTP/1.1 101')) throw new Error(first.toString('latin1').slice(0, 60));
  return socket;
}

/** Opens a WebSocket by hand, joins, and answers when the hub has sent the snapshot. */
export async function joinByHand(hub: Hub, auth: unknown = {}): Promise<NetSocket> {
  const socket = await dialWebSocket(hub);
  let seen = '';
  const snapshot = new Promise<void>((resolve) => {
    const listen = (data: Buffer) => {
      seen += data.toString('latin1');
      if (!seen.includes('["snapshot"')) return;
      socket.off('data', listen);
      resolve();
    };
    socket.on('data', listen);
  });
  socket.write(frame(`40${JSON.stringify(auth)}`));
  await snapshot;
  return socket;
}
