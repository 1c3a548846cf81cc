// A/B: two troupes side by side, both real, under the same requests and the same faults. Each has a trace of its own, and both
// traces are of one clock, so that one playhead fits them. What is asked for is done to both, in the same turn, with the same
// numbers and seeds; the clients are led, so that request n begins at the same moment on both sides.

import { randomInt } from 'node:crypto';
import {
  type ClientKnobs,
  type Command,
  type CommandAnswer,
  MAX_COMPARED,
  nextWord,
  type SideName,
  stream,
} from '@crows-nest/protocol';
import { epochNow } from '../actor/clock.ts';
import type { QueueKnobs, WorkerKnobs } from './actor-args.ts';
import { Bridge, type Company } from './bridge.ts';
import { SharedNumbers } from './fault-numbers.ts';
import { Metronome } from './metronome.ts';
import type { ReaperPipe } from './reaper-pipe.ts';
import { Refusal } from './refusal.ts';
import type { Cast } from './troupe.ts';

/** How the sides differ. */
export interface SideKnobs {
  readonly queue: QueueKnobs;
  /** Of each of its workers, over what was asked for. */
  readonly worker?: WorkerKnobs | undefined;
}

export interface ComparisonOptions {
  readonly entry: string;
  readonly sides: Readonly<Record<SideName, SideKnobs>>;
  readonly linkDelayMs: number;
  readonly complain: (line: string) => void;
  /** One that outlives it; each side has its own, when not given. */
  readonly reaper?: ReaperPipe | undefined;
  /** The clients' common beat; without one they ask when they are told to. */
  readonly everyMs?: number | undefined;
  /** Of everything that is left to chance. */
  readonly seed?: number | undefined;
}

export class Comparison {
  readonly sides: Readonly<Record<SideName, Bridge>>;
  readonly #o: ComparisonOptions;
  readonly #seed: number;
  readonly #numbers = new SharedNumbers();
  readonly #metronome: Metronome;
  #everyMs: number | undefined;
  #troubles = 0;

  constructor(options: ComparisonOptions) {
    this.#o = options;
    this.#seed = options.seed ?? randomInt(2 ** 31);
    this.#everyMs = options.everyMs;
    const epoch = epochNow();
    this.sides = { a: this.#open('a', epoch), b: this.#open('b', epoch) };
    const { a, b } = this.sides;
    this.#metronome = new Metronome({ ask: this.#ask, states: [a.trace.state, b.trace.state], now: a.now });
    a.onBatch(this.#metronome.look);
    b.onBatch(this.#metronome.look);
  }

  async start(): Promise<void> {
    await this.#both((bridge) => bridge.start());
  }

  async enter({ clients, client = {}, workers, worker = {} }: Company): Promise<void> {
    this.checkRoom('client', clients);
    this.checkRoom('worker', workers);
    for (let i = 0; i < clients; i++) await this.#addClient(client);
    for (let i = 0; i < workers; i++) await this.#addWorker(worker);
    this.#metronome.pace(this.#everyMs ?? null);
  }

  /** On both sides, also when one of them refuses: they may have come to differ. `side` is the one it was given on. */
  async carryOut(command: Command, side: SideName): Promise<CommandAnswer> {
    this.#numbers.next();
    try {
      return await this.#do(command, side);
    } catch (error) {
      if (error instanceof Refusal) return error.answer;
      throw error;
    }
  }

  /** Refuses unless so many more fit: two troupes share one machine. */
  checkRoom(role: Cast, count: number): void {
    const present = Math.max(this.sides.a.troupe.present(role), this.sides.b.troupe.present(role));
    const most = MAX_COMPARED[role];
    if (present + count > most) throw new Refusal({ reason: 'sideFull', role, count: present, most });
  }

  async end(): Promise<void> {
    this.#metronome.pace(null);
    await this.#both((bridge) => bridge.end());
  }

  killAll(): void {
    this.sides.a.killAll();
    this.sides.b.killAll();
  }

  async #do(command: Command, side: SideName): Promise<CommandAnswer> {
    switch (command.type) {
      case 'worker.add':
        this.checkRoom('worker', command.count);
        for (let i = 0; i < command.count; i++) await this.#addWorker(command);
        return DONE;
      case 'client.add':
        this.checkRoom('client', 1);
        await this.#addClient(command);
        return DONE;
      case 'client.pace':
        this.sides[side].troupe.own(command.peer).checkPaced();
        this.#pace(command.everyMs);
        return DONE;
      case 'client.ask':
        this.#metronome.ask();
        return DONE;
      default: {
        const to = this.#sidesOf(command, side);
        const answers = await Promise.all(to.map((name) => this.sides[name].carryOut(command)));
        return agree(to, answers);
      }
    }
  }

  /** Messages, queues and guests are of one side, and a fault that the other refused is on one alone. */
  #sidesOf(command: Command, side: SideName): readonly SideName[] {
    if (command.type === 'queue.configure' || command.type === 'message.drop' || command.type === 'message.replay')
      return [side];
    if ('fault' in command) {
      const on = BOTH.filter((name) => this.sides[name].faults.has(command.fault));
      return on.length > 0 ? on : BOTH;
    }
    const subject = 'peer' in command ? command.peer : 'link' in command ? command.link : undefined;
    if (!subject?.startsWith('guest-')) return BOTH;
    const other = side === 'a' ? 'b' : 'a';
    const isThere = (name: SideName): boolean => this.sides[name].guests.link(subject) !== undefined;
    return [!isThere(side) && isThere(other) ? other : side];
  }

  readonly #ask = (): void => {
    this.sides.a.troupe.ask();
    this.sides.b.troupe.ask();
  };

  #pace(everyMs: number): void {
    this.#everyMs = everyMs;
    this.#metronome.pace(everyMs);
    this.sides.a.troupe.paceAll(everyMs);
    this.sides.b.troupe.paceAll(everyMs);
  }

  /** All clients keep one beat, whatever was asked for this one. */
  async #addClient(asked: ClientKnobs): Promise<void> {
    const knobs = { ...asked, everyMs: this.#everyMs, led: true };
    await this.#both((bridge) => bridge.troupe.addClient(knobs));
  }

  async #addWorker(asked: WorkerKnobs): Promise<void> {
    const seed = this.#seedFor(`trouble ${++this.#troubles}`);
    await this.#both((bridge, side) => bridge.troupe.addWorker({ ...asked, ...this.#o.sides[side].worker, seed }));
  }

  #open(side: SideName, epoch: number): Bridge {
    const { entry, sides, linkDelayMs, reaper } = this.#o;
    return new Bridge({
      entry,
      reaper,
      epoch,
      linkDelayMs,
      queue: sides[side].queue,
      ports: { frontend: 0, backend: 0 },
      complain: (line) => this.#o.complain(`${side.toUpperCase()}: ${line}`),
      seedFor: (name) => this.#seedFor(name),
      faultNumbers: this.#numbers,
    });
  }

  #seedFor(name: string): number {
    return nextWord(stream(this.#seed, name))[0] >>> 1;
  }

  async #both(act: (bridge: Bridge, side: SideName) => Promise<unknown>): Promise<void> {
    await Promise.all([act(this.sides.a, 'a'), act(this.sides.b, 'b')]);
  }
}

const BOTH: readonly SideName[] = ['a', 'b'];
const DONE: CommandAnswer = { ok: true };

/** One answer for the one who asked: who refused, and who did it all the same. */
function agree(to: readonly SideName[], answers: readonly CommandAnswer[]): CommandAnswer {
  const refusals = answers.flatMap((answer, i) => (answer.ok ? [] : [{ ...answer, side: to[i] ?? 'a' }]));
  const [first, second] = refusals;
  if (!first) return DONE;
  const { side, ...refused } = first;
  if (second?.message === refused.message) return refused;
  const doneOn = to.find((_, i) => answers[i]?.ok);
  const said = refusals.map((refusal) => `${refusal.side.toUpperCase()}: ${refusal.message}`);
  if (doneOn) said.push(`done on ${doneOn.toUpperCase()}`);
  return { ...refused, side, ...(doneOn && { doneOn }), message: said.join('; ') };
}
