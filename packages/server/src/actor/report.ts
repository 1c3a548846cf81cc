// How an actor tells what it did: as log lines for a person, or as facts over a pipe of its own, batched, never on the ZeroMQ wire [P1].

import { Socket } from 'node:net';
import type { Fact, Micros } from '@crows-nest/protocol';
import { logLine, printable } from './log.ts';

/** A fact without its time and peer: the first is added here, the second by the bridge, which knows whose pipe this is. */
export type ActorFact = Fact extends infer F ? (F extends unknown ? Omit<F, 't' | 'peer'> : never) : never;

/** What an actor says over its pipe: a batch a line, times and facts in turn; or where a queue has bound. */
export type ActorLine = readonly (Micros | ActorFact)[] | { readonly bound: Bound };
export interface Bound {
  readonly frontend: string;
  readonly backend: string;
}

/** What the bridge says to an actor. */
export type ActorOrder =
  | { readonly do: 'overload'; readonly ms: number }
  | { readonly do: 'pace'; readonly everyMs: number }
  | { readonly do: 'stop' };

export interface Report {
  /** `at`: the time of the step that it is a fact of, so that a cause is never later than its effect on a wire. */
  record(fact: ActorFact, at: Micros): void;
  /** For people who started the actor by hand. */
  say(line: string): void;
  bound(where: Bound): void;
  /** Sends what is batched: before the process can no longer do so. */
  flush(): void;
  onOrder(listener: (order: ActorOrder) => void): void;
  end(): Promise<void>;
}

const PIPE_FD = 3;
/** Long enough to batch under load, short enough that a frozen process has said nearly all it did. */
const FLUSH_MS = 8;
const FLUSH_LENGTH = 512;

/** Facts over file descriptor 3, as newline-delimited JSON. The actor ends when the bridge's end of the pipe does. */
export function pipeReport(): Report {
  const pipe = new Socket({ fd: PIPE_FD, readable: true, writable: true });
  let batch: (Micros | ActorFact)[] = [];
  let timer: NodeJS.Timeout | undefined;
  const flush = (): void => {
    clearTimeout(timer);
    timer = undefined;
    if (batch.length === 0) return;
    pipe.write(`${JSON.stringify(batch)}\n`);
    batch = [];
  };
  pipe.on('error', () => process.exit(0));
  pipe.on('close', () => process.exit(0));
  return {
    record(fact, at) {
      // Kept as they are and written as one text: a text for each fact would cost the queue twice as much.
      batch.push(at, fact);
      if (batch.length >= FLUSH_LENGTH) flush();
      // Armed only when there is something to send.
      else timer ??= setTimeout(flush, FLUSH_MS);
    },
    say() {},
    bound(where) {
      pipe.write(`${JSON.stringify({ bound: where })}\n`);
    },
    flush,
    onOrder(listener) {
      eachLine(pipe, (line) => listener(JSON.parse(line) as ActorOrder));
    },
    async end() {
      flush();
      await new Promise<void>((resolve) => pipe.end(resolve));
    },
  };
}

/** Log lines in the guide's words. */
export function logReport(write: (line: string) => void): Report {
  let name = '';
  return {
    record(fact) {
      if (fact.type === 'worker.opened') name = printable(fact.identity);
      const line = logLine(name, fact);
      if (line) write(line);
    },
    say: write,
    bound(where) {
      write(`I: queue bound, frontend ${where.frontend} backend ${where.backend}`);
    },
    flush() {},
    onOrder() {},
    async end() {},
  };
}

/** Calls back with each whole line of a stream. */
export function eachLine(stream: NodeJS.ReadableStream, onLine: (line: string) => void): void {
  let rest = '';
  stream.setEncoding('utf8');
  stream.on('data', (text: string) => {
    rest += text;
    for (let at = rest.indexOf('\n'); at >= 0; at = rest.indexOf('\n')) {
      const line = rest.slice(0, at);
      rest = rest.slice(at + 1);
      onLine(line);
    }
  });
}
