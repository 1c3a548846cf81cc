// A/B: two troupes side by side, both real, under the same requests and the same faults. Each has a trace of its own, and both
// traces are of one clock, so that one playhead fits them. What is asked for is done to both, in the same turn and with the same
// seeds; the clients are led, so that request n begins at the same moment on both sides.

import { randomInt } from 'node:crypto';
import {
  Accountant,
  type Command,
  type CommandAnswer,
  compare,
  type Difference,
  nextWord,
  stream,
} from '@crows-nest/protocol';
import { epochNow } from '../actor/clock.ts';
import type { WorkerKnobs } from './actor-args.ts';
import { Bridge } from './bridge.ts';
import { type QueueKnobs, Refusal } from './troupe.ts';

export type SideName = 'a' | 'b';

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
  /** Of everything that is left to chance. */
  readonly seed?: number | undefined;
}

/** Two troupes share one machine. */
export const MAX_WORKERS_A_SIDE = 8;

export class Comparison {
  readonly sides: Readonly<Record<SideName, Bridge>>;
  readonly #o: ComparisonOptions;
  readonly #seed: number;
  readonly #accountants = { a: new Accountant(), b: new Accountant() };
  #workers = 0;
  #metronome: NodeJS.Timeout | undefined;

  constructor(options: ComparisonOptions) {
    this.#o = options;
    this.#seed = options.seed ?? randomInt(2 ** 31);
    const { entry, sides, linkDelayMs } = options;
    const epoch = epochNow();
    const open = (side: SideName): Bridge => {
      const complain = (line: string): void => options.complain(`${side}: ${line}`);
      const ports = { frontend: 0, backend: 0 };
      const seedFor = (name: string): number => this.#seedFor(name);
      const bridge = new Bridge({ entry, queue: sides[side].queue, linkDelayMs, ports, complain, epoch, seedFor });
      bridge.onBatch(({ events }) => this.#accountants[side].read(events));
      return bridge;
    };
    this.sides = { a: open('a'), b: open('b') };
  }

  async start(): Promise<void> {
    await this.#both((bridge) => bridge.start());
  }

  /** What came of each side so far, as far as its facts have settled. */
  table(): Difference[] {
    return compare(this.#accountants.a.settled, this.#accountants.b.settled);
  }

  /** Each client of both sides begins its next request. */
  ask(): void {
    this.sides.a.troupe.ask();
    this.sides.b.troupe.ask();
  }

  /** The clients' common beat; null: they ask only when `ask` is called. */
  pace(everyMs: number | null): void {
    clearInterval(this.#metronome);
    this.#metronome = everyMs === null ? undefined : setInterval(() => this.ask(), Math.max(1, everyMs));
  }

  /** On both sides, also when one of them refuses: they may have come to differ. */
  async carryOut(command: Command): Promise<CommandAnswer> {
    try {
      const answers = await this.#fanOut(command);
      for (const side of ['a', 'b'] as const) {
        const answer = answers[side];
        if (!answer.ok) return { ...answer, side, message: `${side.toUpperCase()}: ${answer.message}` };
      }
      return { ok: true };
    } catch (error) {
      if (error instanceof Refusal) return error.answer;
      throw error;
    }
  }

  /** Of one side alone: this is what they are compared by. */
  configure(side: SideName, knobs: Partial<QueueKnobs>): Promise<void> {
    return this.sides[side].troupe.configureQueue(knobs);
  }

  async end(): Promise<void> {
    this.pace(null);
    await this.#both((bridge) => bridge.end());
  }

  async #fanOut(command: Command): Promise<Record<SideName, CommandAnswer>> {
    switch (command.type) {
      case 'worker.add':
        for (let i = 0; i < command.count; i++) await this.#addWorker(command);
        return DONE;
      case 'client.add':
        await this.#both((bridge) => bridge.troupe.addClient({ ...command, led: true }));
        return DONE;
      case 'client.pace':
        this.pace(command.everyMs);
        return DONE;
      case 'queue.configure':
        throw new Refusal({ reason: 'wouldBeAlike' });
      case 'message.drop':
      case 'message.replay':
        throw new Refusal({ reason: 'ofOneSide' });
      default:
        return this.#both((bridge) => bridge.carryOut(command));
    }
  }

  async #addWorker(asked: WorkerKnobs): Promise<void> {
    if (this.#workers >= MAX_WORKERS_A_SIDE) throw new Refusal({ reason: 'sideFull', count: this.#workers });
    const seed = this.#seedFor(`trouble ${++this.#workers}`);
    await this.#both((bridge, side) => bridge.troupe.addWorker({ ...asked, ...this.#o.sides[side].worker, seed }));
  }

  #seedFor(name: string): number {
    return nextWord(stream(this.#seed, name))[0] >>> 1;
  }

  async #both<T>(act: (bridge: Bridge, side: SideName) => Promise<T>): Promise<Record<SideName, T>> {
    const [a, b] = await Promise.all([act(this.sides.a, 'a'), act(this.sides.b, 'b')]);
    return { a, b };
  }
}

const DONE: Record<SideName, CommandAnswer> = { a: { ok: true }, b: { ok: true } };
