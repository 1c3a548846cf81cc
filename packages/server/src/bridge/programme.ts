// The programme: what is on, one troupe or two that are compared, and the change from the one to the other. What the hub sees as its
// stage. Changes are made one after the other; whatever is asked for meanwhile is asked of what is then on. The next run begins before
// the last one ends, so that a run that cannot begin costs nothing.

import type { Batch, Command, CommandAnswer, Compared, Side, SideName, Snapshots } from '@crows-nest/protocol';
import type { Stage } from '../hub/stage.ts';
import { Bridge, type Company } from './bridge.ts';
import { Comparison, type SideKnobs } from './comparison.ts';
import { recordingPath } from './file.ts';
import { ReaperPipe } from './reaper-pipe.ts';
import { isOver, Refusal } from './refusal.ts';
import { type Run, Show } from './show.ts';

export interface ProgrammeOptions {
  readonly entry: string;
  /** Of one troupe alone; of side A when it begins with two. */
  readonly troupe: Compared;
  /** Of side B, when it begins with two. */
  readonly against?: Compared | undefined;
  readonly company: Company;
  readonly linkDelayMs: number;
  /** Of the guests' taps of one troupe; two have any free ones. */
  readonly ports: Record<Side, number>;
  /** The file of the first run; undefined: nothing is recorded. */
  readonly record: string | undefined;
  /** For the terminal: where guests find two troupes. */
  readonly say: (line: string) => void;
  readonly complain: (line: string) => void;
}

type Begin = Extract<Command, { type: 'comparison.begin' }>;

const DEMO_EVERY_MS = 1000;

export class Programme implements Stage {
  readonly #o: ProgrammeOptions;
  /** Of all runs: a change does not wait for another to come up. */
  readonly #reaper: ReaperPipe;
  /** What is on, and what comes or goes. */
  readonly #shows = new Set<Show>();
  readonly #onBatch = new Set<(batch: Batch, side: SideName) => void>();
  readonly #onAnew = new Set<() => void>();
  readonly #recorded: string[] = [];
  #on: Show;
  #unwatch: () => void;
  #change: Promise<unknown> = Promise.resolve();
  #runs = 1;
  #hasBegun = false;
  #isOver = false;

  constructor(options: ProgrammeOptions) {
    this.#o = options;
    this.#reaper = new ReaperPipe(options.entry);
    const { troupe, against, company } = options;
    const { everyMs = DEMO_EVERY_MS } = company.client ?? {};
    const run = against ? this.#pair(troupe, against, everyMs) : this.#alone();
    this.#on = this.#open(run);
    this.#unwatch = this.#watch(this.#on);
  }

  get recordings(): readonly string[] {
    return this.#on.recordings;
  }

  /** Of all runs so far. */
  get recorded(): readonly string[] {
    return this.#recorded;
  }

  snapshots(): Snapshots {
    const { a, b } = this.#on.run.sides;
    return { a: a.trace.snapshot(), ...(b && { b: b.trace.snapshot() }) };
  }

  onBatch(listener: (batch: Batch, side: SideName) => void): () => void {
    this.#onBatch.add(listener);
    return () => this.#onBatch.delete(listener);
  }

  onAnew(listener: () => void): () => void {
    this.#onAnew.add(listener);
    return () => this.#onAnew.delete(listener);
  }

  /** To be called at once. Rejects with the system's error when it was to be recorded and cannot be. */
  async record(): Promise<void> {
    const [error] = await this.#record(this.#on, 1);
    if (error) throw error;
    this.#recorded.push(...this.#on.recordings);
  }

  /** Whatever is asked for meanwhile waits, if it is a change. */
  start(): Promise<void> {
    this.#hasBegun = true;
    const { run } = this.#on;
    return this.#inTurn(async () => {
      await run.start();
      await run.enter(this.#company());
      this.#tellPorts();
    });
  }

  async carryOut(command: Command, side: SideName): Promise<CommandAnswer> {
    try {
      if (!this.#hasBegun) throw new Refusal({ reason: 'notBegun' });
      if (command.type === 'comparison.begin') await this.#inTurn(() => this.#begin(command));
      else if (command.type === 'comparison.end') await this.#inTurn(() => this.#endComparison());
      else return await this.#carryOutNow(command, side);
      return { ok: true };
    } catch (error) {
      if (error instanceof Refusal) return error.answer;
      throw error;
    }
  }

  /** Ends every process and listener, also in the middle of a change. */
  async end(): Promise<void> {
    this.#isOver = true;
    await Promise.all([...this.#shows].map((show) => show.end()));
    await this.#change;
    this.#reaper.end();
  }

  /** The same, when nothing has ever begun: no recording is left. */
  async discard(): Promise<void> {
    await this.end();
    await this.#on.discard();
    this.#recorded.length = 0;
  }

  /** For a bridge that is about to fall [S11]. */
  killAll(): void {
    this.#isOver = true;
    for (const { run } of this.#shows) run.killAll();
  }

  async #carryOutNow(command: Command, side: SideName): Promise<CommandAnswer> {
    if (this.#isOver) throw isOver();
    const { run } = this.#on;
    if (side === 'b' && !run.sides.b) throw new Refusal({ reason: 'nothingCompared' });
    return run.carryOut(command, side);
  }

  #begin(command: Begin): Promise<void> {
    const { a, b, everyMs, timeoutMs, clients, workers, workMs, replyFirst, quietWhileBusy } = command;
    const client = { everyMs, timeoutMs };
    const worker = { workMs, replyFirst, quietWhileBusy };
    return this.#put(() => this.#pair(a, b, everyMs), { clients, client, workers, worker });
  }

  async #endComparison(): Promise<void> {
    if (!this.#on.run.sides.b) throw new Refusal({ reason: 'nothingCompared' });
    await this.#put(() => this.#alone(), this.#company());
  }

  /** In place of what is on. */
  async #put(make: () => Run, company: Company): Promise<void> {
    const last = this.#on;
    const next = this.#open(make());
    try {
      for (const error of await this.#record(next, this.#runs + 1)) this.#o.complain(unrecorded(error));
      await next.run.start();
    } catch (error) {
      await this.#close(next.discard(), next);
      throw asRefusal(error);
    }
    this.#swap(next);
    try {
      await next.run.enter(company);
    } catch (error) {
      throw asRefusal(error);
    } finally {
      await this.#close(last.end(), last);
    }
  }

  /** In one turn: no page gets a batch of the last run after the snapshots of the next, and none of the next before. */
  #swap(next: Show): void {
    this.#unwatch();
    this.#on = next;
    this.#runs++;
    this.#recorded.push(...next.recordings);
    for (const listener of this.#onAnew) listener();
    this.#unwatch = this.#watch(next);
    this.#tellPorts();
  }

  #watch(show: Show): () => void {
    const stops = show.sides.map(([side, bridge]) =>
      bridge.onBatch((batch) => {
        for (const listener of this.#onBatch) listener(batch, side);
      }),
    );
    return () => {
      for (const stop of stops) stop();
    };
  }

  #alone(): Bridge {
    const { entry, troupe, linkDelayMs, ports, complain } = this.#o;
    return new Bridge({ entry, reaper: this.#reaper, queue: queueOf(troupe), linkDelayMs, ports, complain });
  }

  #pair(a: Compared, b: Compared, everyMs: number): Comparison {
    const { entry, linkDelayMs, complain } = this.#o;
    const sides = { a: sideOf(a), b: sideOf(b) };
    return new Comparison({ entry, reaper: this.#reaper, sides, linkDelayMs, everyMs, complain });
  }

  /** Of those that are compared each has a pattern of its own. */
  #company(): Company {
    const { company, troupe } = this.#o;
    return { ...company, worker: { ...company.worker, pattern: troupe.pattern } };
  }

  async #record(show: Show, run: number): Promise<unknown[]> {
    const { record: first, complain } = this.#o;
    if (first === undefined) return [];
    return show.record((side) => recordingPath(first, run, side), complain);
  }

  #tellPorts(): void {
    const { sides } = this.#on;
    if (sides.length === 1) return;
    for (const [side, { guests }] of sides) {
      const { frontend, backend } = guests.ports;
      const [clients, workers] = [frontend, backend].map((port) => `tcp://127.0.0.1:${port}`);
      this.#o.say(`Side ${side.toUpperCase()}: guests' clients at ${clients}, workers at ${workers}`);
    }
  }

  #inTurn(change: () => Promise<void>): Promise<void> {
    const changed = this.#change.then(() => {
      if (this.#isOver) throw isOver();
      return change();
    });
    this.#change = changed.catch(() => {});
    return changed;
  }

  #open(run: Run): Show {
    const show = new Show(run);
    this.#shows.add(show);
    return show;
  }

  async #close(ending: Promise<void>, show: Show): Promise<void> {
    await ending;
    this.#shows.delete(show);
  }
}

const queueOf = ({ rules, heartbeatIntervalMs, liveness }: Compared): SideKnobs['queue'] => ({
  rules,
  heartbeatIntervalMs,
  liveness,
});

const sideOf = (knobs: Compared): SideKnobs => ({ queue: queueOf(knobs), worker: { pattern: knobs.pattern } });

/** A system that has no more of something refuses, in one line; our own bug stays one. */
function asRefusal(error: unknown): unknown {
  if (!(error instanceof Error) || !('syscall' in error)) return error;
  const { code, port } = error as NodeJS.ErrnoException & { port?: number };
  const isTaken = code === 'EADDRINUSE' && port !== undefined;
  return new Refusal(isTaken ? { reason: 'portTaken', port } : { reason: 'cannotBegin', why: error.message });
}

function unrecorded(error: unknown): string {
  const { code, path, message } = error as NodeJS.ErrnoException;
  return `not recorded to ${path}: ${code === 'EEXIST' ? 'there is such a file already' : message}`;
}
