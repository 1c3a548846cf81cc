// The live bridge, over one WebSocket. What comes in is checked at this door, and nowhere behind it [S4]; when something of it
// cannot be read, or is missing, the page comes in anew, and what it then gets is whole again.

import type { CommandRequest, EntryRefusal, FromHub, SideName, ToHub } from '@crows-nest/protocol';
import { io, type Socket } from 'socket.io-client';
import { BatchReader } from './batch-reader.ts';
import type { Keyring } from './credentials.ts';
import type { Answer, Sink, Source } from './source.ts';

const ANSWER_MS = 10_000;
/** After the bridge closed the connection, or the page did for what it heard: not at once, there was a reason. */
const RETURN_MS = 1000;

const REFUSALS: readonly EntryRefusal[] = ['used-launch', 'bad-token', 'needs-token', 'elsewhere', 'limited'];

const readRefusal = (code: unknown): EntryRefusal | undefined => REFUSALS.find((known) => known === code);

export class LiveSource implements Source {
  readonly kind = 'live';
  readonly #keyring: Keyring;
  readonly #address: string | undefined;
  #socket: Socket<FromHub, ToHub> | undefined;

  constructor(keyring: Keyring, address?: string) {
    this.#keyring = keyring;
    this.#address = address;
  }

  open(sink: Sink): void {
    // Its credentials are asked for at every attempt: the first bears the launch token, later ones the session.
    const options = {
      transports: ['websocket'],
      auth: (give: (auth: object) => void) => give(this.#keyring.credentials()),
      reconnectionDelay: 250,
      reconnectionDelayMax: 2000,
    };
    this.close();
    const socket: Socket<FromHub, ToHub> = this.#address === undefined ? io(options) : io(this.#address, options);
    this.#socket = socket;
    sink.phase({ phase: 'connecting' });
    socket.on('welcome', ({ role, session, recordings }) => {
      this.#keyring.keep(session);
      sink.role(role, recordings);
    });
    const readers = { a: new BatchReader(), b: new BatchReader() };
    socket.on('snapshot', (snapshots) => {
      readers.a.expect(snapshots.a.state.seq + 1);
      readers.b.expect(snapshots.b ? snapshots.b.state.seq + 1 : null);
      sink.phase({ phase: 'open' });
      sink.snapshot(snapshots);
    });
    socket.on('batch', (batch) => {
      const side = batch?.side === 'b' ? 'b' : 'a';
      const { events, now, malformed } = readers[side].read(batch);
      sink.batch(events, now, malformed, side);
      if (malformed > 0) this.#comeAnew(socket, sink);
    });
    let goodbye: string | undefined;
    socket.on('connect', () => {
      goodbye = undefined;
    });
    socket.on('goodbye', ({ message }) => {
      goodbye = message;
    });
    socket.on('disconnect', (why) => {
      if (why === 'io client disconnect') return;
      // Sent away for what it did, it does not come back by itself; cut off, it does, and not too soon.
      if (goodbye !== undefined) return sink.phase({ phase: 'refused', reason: goodbye, code: 'limited' });
      sink.phase({ phase: 'reconnecting' });
      if (why === 'io server disconnect') setTimeout(() => socket.connect(), RETURN_MS);
    });
    socket.on('connect_error', (error: Error & { data?: { code?: unknown } }) => {
      if (socket.active) sink.phase({ phase: 'reconnecting' });
      else this.#refused(readRefusal(error.data?.code), error.message, sink);
    });
  }

  close(): void {
    this.#socket?.disconnect();
    this.#socket = undefined;
  }

  command(request: CommandRequest, side: SideName): Promise<Answer> {
    const socket = this.#socket;
    if (!socket?.connected) return Promise.resolve({ ok: false, code: 'disconnected', message: 'not connected' });
    return new Promise((resolve) => {
      socket.timeout(ANSWER_MS).emit('command', request, side, (error, answer) => {
        resolve(error ? { ok: false, code: 'unanswered', message: 'the bridge did not answer' } : answer);
      });
    });
  }

  /** For a snapshot: what follows what was missed makes no sense without. */
  #comeAnew(socket: Socket<FromHub, ToHub>, sink: Sink): void {
    socket.disconnect();
    sink.phase({ phase: 'reconnecting' });
    setTimeout(() => {
      if (this.#socket === socket) socket.connect();
    }, RETURN_MS);
  }

  /** A session of an earlier run is given up, and the page asks once more as whoever it is without it. */
  #refused(code: EntryRefusal | undefined, reason: string, sink: Sink): void {
    const had = this.#keyring.drop();
    if (code === 'bad-token' && had) this.#socket?.connect();
    else sink.phase({ phase: 'refused', reason, ...(code && { code }) });
  }
}
