// The programme: what is on, one troupe or two that are compared, and the change from the one to the other. What the hub sees as its
// stage. Changes are made one after the other; whatever is asked for meanwhile is asked of what is then on. The next run begins before
// the last one ends, so that a run that cannot begin costs nothing.

import type { Batch, Command, CommandAnswer, SideName, Snapshots } from '@crows-nest/protocol';
import type { Stage } from '../hub/stage.ts';
import type { Company } from './bridge.ts';
import { unrecorded } from './file.ts';
import { ReaperPipe } from './reaper-pipe.ts';
import { asRefusal, isOver, Refusal } from './refusal.ts';
import { Repertoire, type RepertoireOptions } from './repertoire.ts';
import { type Run, Show } from './show.ts';

export interface ProgrammeOptions extends RepertoireOptions {
  /** The file of the first run; undefined: nothing is recorded. */
  readonly record: string | undefined;
  /** For the terminal: where guests find two troupes. */
  readonly say: (line: string) => void;
}

type Begin = Extract<Command, { type: 'comparison.begin' }>;

export class Programme implements Stage {
  readonly #o: ProgrammeOptions;
  readonly #repertoire: Repertoire;
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
    this.#repertoire = new Repertoire(options, this.#reaper);
    this.#on = this.#open(this.#repertoire.first());
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
    return this.#on.snapshots();
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
      await run.enter(this.#repertoire.company);
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
    return this.#put(() => this.#repertoire.pair(a, b, everyMs), { clients, client, workers, worker });
  }

  async #endComparison(): Promise<void> {
    if (!this.#on.run.sides.b) throw new Refusal({ reason: 'nothingCompared' });
    await this.#put(() => this.#repertoire.alone(), this.#repertoire.company);
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
    return show.onBatch((batch, side) => {
      for (const listener of this.#onBatch) listener(batch, side);
    });
  }

  async #record(show: Show, run: number): Promise<unknown[]> {
    const { record: first, complain } = this.#o;
    return first === undefined ? [] : show.record(first, run, complain);
  }

  #tellPorts(): void {
    for (const line of this.#on.doors) this.#o.say(line);
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
