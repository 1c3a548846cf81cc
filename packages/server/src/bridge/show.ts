// What is shown: a run of one troupe, or of two that are compared, and the files that it is recorded to.

import type { Batch, Command, CommandAnswer, SideName, Snapshots } from '@crows-nest/protocol';
import type { Bridge, Company } from './bridge.ts';
import { openRecording, type RecordingFile, recordingPath } from './file.ts';

/** A `Bridge` or a `Comparison`. */
export interface Run {
  readonly sides: { readonly a: Bridge; readonly b?: Bridge };
  /** Resolves when every queue is bound; rejects when it is ended before. */
  start(): Promise<void>;
  enter(company: Company): Promise<void>;
  carryOut(command: Command, side: SideName): Promise<CommandAnswer>;
  end(): Promise<void>;
  killAll(): void;
}

export class Show {
  readonly run: Run;
  #files: RecordingFile[] = [];
  #ended: Promise<void> | undefined;

  constructor(run: Run) {
    this.run = run;
  }

  get sides(): readonly (readonly [SideName, Bridge])[] {
    const { a, b } = this.run.sides;
    return b
      ? [
          ['a', a],
          ['b', b],
        ]
      : [['a', a]];
  }

  /** In one line each, where guests find two troupes; one has the ports it was asked to have. */
  get doors(): readonly string[] {
    const { sides } = this;
    if (sides.length === 1) return [];
    return sides.map(([side, { guests }]) => {
      const { frontend, backend } = guests.ports;
      const [clients, workers] = [frontend, backend].map((port) => `tcp://127.0.0.1:${port}`);
      return `Side ${side.toUpperCase()}: guests' clients at ${clients}, workers at ${workers}`;
    });
  }

  snapshots(): Snapshots {
    const { a, b } = this.run.sides;
    return { a: a.trace.snapshot(), ...(b && { b: b.trace.snapshot() }) };
  }

  /** Until the returned function is called. */
  onBatch(listener: (batch: Batch, side: SideName) => void): () => void {
    const stops = this.sides.map(([side, bridge]) => bridge.onBatch((batch) => listener(batch, side)));
    return () => {
      for (const stop of stops) stop();
    };
  }

  get recordings(): readonly string[] {
    return this.#files.map(({ path }) => path);
  }

  /**
   * Each side from its first fact on: to be called before anything has settled, with the file of the first run of all and the number
   * of this. Whatever cannot be opened is not recorded; resolves to the system's errors.
   */
  async record(first: string, run: number, complain: (line: string) => void): Promise<unknown[]> {
    const errors: unknown[] = [];
    const isAlone = this.sides.length === 1;
    for (const [side, bridge] of this.sides) {
      const file = openRecording(recordingPath(first, run, isAlone ? undefined : side), bridge.startedAt, complain);
      bridge.onBatch(file.write);
      this.#files.push(file);
    }
    for (const file of [...this.#files]) {
      await file.opened.catch((error: unknown) => {
        errors.push(error);
        this.#files = this.#files.filter((other) => other !== file);
      });
    }
    return errors;
  }

  /** May be asked for again, and in the middle of everything. */
  end(): Promise<void> {
    this.#ended ??= this.#end();
    return this.#ended;
  }

  /** One that never began leaves nothing. */
  async discard(): Promise<void> {
    await this.end();
    const files = this.#files;
    this.#files = [];
    await Promise.all(files.map((file) => file.discard()));
  }

  async #end(): Promise<void> {
    await this.run.end();
    await Promise.all(this.#files.map((file) => file.end()));
  }
}
