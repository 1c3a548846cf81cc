// How an actor tells what it did: as log lines for a person, or as facts over a pipe of its own, batched, never on the ZeroMQ wire [P1].

import { Socket } from 'node:net';
import { type Micros, millis } from '@crows-nest/protocol';
import { type ActorFact, type ActorOrder, type Bound, eachLine } from './line.ts';
import { logLine, printable } from './log.ts';

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
/** At least so long from one text to the next: under load facts go in batches, a lone one goes at once, before a freeze can hold it. */
const FLUSH_MS = 8;
const FLUSH_LENGTH = 1024;

/** Facts over file descriptor 3, as newline-delimited JSON. The actor ends when the bridge's end of the pipe does. */
export function pipeReport(): Report {
  const pipe = new Socket({ fd: PIPE_FD, readable: true, writable: true });
  let batch: (Micros | ActorFact)[] = [];
  let timer: NodeJS.Timeout | undefined;
  let flushAt: Micros = 0;
  const flush = (): void => {
    clearTimeout(timer);
    timer = undefined;
    if (batch.length === 0) return;
    flushAt = (batch.at(-2) as Micros) + millis(FLUSH_MS);
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
      // Armed only when there is something to send. After the turn that it belongs to, so that its facts go together.
      else timer ??= setTimeout(flush, at < flushAt ? FLUSH_MS : 0);
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
