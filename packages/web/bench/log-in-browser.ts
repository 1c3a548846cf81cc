// The log alone in a browser: filled with a long run, then asked for states at random times.

import { LoopedRun } from '@crows-nest/protocol/sim';
import { TraceLog } from '../src/model/log.ts';
import { CROWD, DEMO, simulate } from './runs.ts';

const CROWDS = { demo: DEMO, crowd: CROWD };
const AT_ONCE = 2000;

export interface Filled {
  readonly held: number;
  /** By the log's own account. */
  readonly bytes: number;
  readonly appendUs: number;
}

export interface Sought {
  readonly p50: number;
  readonly p99: number;
  readonly most: number;
}

const bench = {
  log: new TraceLog(),

  fill(name: keyof typeof CROWDS, facts: number): Filled {
    const looped = new LoopedRun(simulate(CROWDS[name]));
    this.log = new TraceLog();
    let spentMs = 0;
    for (let given = 0; given < facts; given += AT_ONCE) {
      const events = looped.take(AT_ONCE);
      const at = performance.now();
      this.log.append(events, 0);
      spentMs += performance.now() - at;
    }
    return { held: this.log.size, bytes: this.log.bytes, appendUs: (spentMs * 1000) / facts };
  },

  /** Microseconds a seek. */
  seek(times: number): Sought {
    const { startAt, endAt } = this.log;
    const spent: number[] = [];
    for (let i = 0; i < times; i++) {
      const t = Math.floor(startAt + Math.random() * (endAt - startAt));
      const at = performance.now();
      this.log.stateAt(t);
      spent.push((performance.now() - at) * 1000);
    }
    spent.sort((a, b) => a - b);
    const share = (part: number) => spent[Math.floor(part * (times - 1))] ?? 0;
    return { p50: share(0.5), p99: share(0.99), most: share(1) };
  },
};

Object.assign(globalThis, { bench });
