// The process of a worker or a client: one machine, one socket, one loop. Waiting messages are read before the clock is looked at.

import type * as client from '../client.ts';
import type { Message } from '../frames.ts';
import type * as simpleWorker from '../simple-worker.ts';
import type * as worker from '../worker.ts';
import type { PeerMachine } from './machines.ts';
import { PeerSocket } from './peer-socket.ts';
import { HANDLING_US, Process } from './process.ts';
import type { Wire } from './wire.ts';
import type { World } from './world.ts';

/** What any of the machines can be told, and what any of them can want. */
type Told =
  | { readonly type: 'message'; readonly frames: Message }
  | { readonly type: 'tick' }
  | { readonly type: 'stop' };
type Wanted = worker.Effect | simpleWorker.Effect | client.Effect;

export abstract class PeerProcess<Settings, State, Input, Effect extends Wanted> extends Process {
  readonly wire: Wire;
  socket: PeerSocket | undefined;
  settings: Settings;
  state: State | undefined;
  protected abstract readonly machine: PeerMachine<Settings, State, Input | Told, Effect>;
  protected abstract readonly socketType: 'DEALER' | 'REQ';

  constructor(world: World, peer: string, wire: Wire, settings: Settings) {
    super(world, peer);
    this.wire = wire;
    this.settings = settings;
  }

  /** Tell whoever watches. */
  protected abstract started(state: State, effects: readonly Effect[]): void;
  protected abstract stepped(before: State, input: Input | Told, after: State, effects: readonly Effect[]): void;

  /** From outside: the loop must look at its deadline again. */
  command(input: Input | Told): void {
    if (this.status !== 'running') return;
    this.give(input);
    this.stir();
  }

  protected begin(): void {
    const [state, effects] = this.machine.start(this.settings, this.world.now);
    this.state = state;
    this.started(state, effects);
    this.#perform(effects);
    this.sleep(this.#deadline);
  }

  protected give(input: Input | Told): void {
    const before = this.state as State;
    const [after, effects] = this.machine.step(before, input, this.world.now);
    this.state = after;
    this.stepped(before, input, after, effects);
    this.#perform(effects);
  }

  protected turn(): void {
    const { now, ledger } = this.world;
    const frames = this.#listens ? this.socket?.receive() : undefined;
    if (frames) {
      ledger.delivered++;
      this.give({ type: 'message', frames });
    } else if (now >= (this.#deadline ?? Number.POSITIVE_INFINITY)) {
      this.give({ type: 'tick' });
    }
    if (this.status !== 'running') return;
    if (this.#listens && (this.socket?.inbox.length ?? 0) > 0) this.wake(now + HANDLING_US);
    else this.sleep(this.#deadline);
  }

  protected end(): void {
    this.socket?.close();
    this.socket = undefined;
  }

  get #deadline(): number | undefined {
    return this.state && this.machine.deadline(this.state);
  }

  get #listens(): boolean {
    return this.state !== undefined && this.machine.listens(this.state);
  }

  #perform(effects: readonly Wanted[]): void {
    for (const effect of effects) {
      switch (effect.type) {
        case 'record':
          this.world.say(this.peer, effect.fact);
          break;
        case 'open':
          this.world.named(effect.identity, this.peer);
          this.socket = new PeerSocket(this.world, this.wire, this.socketType, effect.identity, this);
          break;
        case 'send':
          this.socket?.send(effect.frames);
          break;
        case 'close':
          this.end();
          break;
        case 'exit':
          this.exit(effect.code);
          break;
        case 'spin':
        // The machine is deaf until its deadline, which is all that a busy loop does here.
      }
    }
  }
}
