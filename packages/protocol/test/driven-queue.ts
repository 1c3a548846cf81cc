// A queue machine that a test drives by hand, at times it chooses: no sockets, no fake ones either.

import type { Message, ParanoidRules } from '../src/index.ts';
import { queue } from '../src/index.ts';

export const ALL_RULES: readonly ParanoidRules[] = ['listing', 'guide', 'robust'];
export const READY = '\x01';
export const HEARTBEAT = '\x02';

type Fact = Extract<queue.Effect, { type: 'record' }>['fact'];

export class DrivenQueue {
  state: queue.State;
  /** Milliseconds. */
  now = 0;
  facts: Fact[] = [];
  sent: Extract<queue.Effect, { type: 'send' }>[] = [];

  constructor(rules: ParanoidRules, settings: Partial<queue.Settings> = {}) {
    const [state, effects] = queue.start({ rules, heartbeatIntervalMs: 1000, liveness: 3, ...settings }, 0);
    this.state = state;
    this.#keep(effects);
  }

  at(ms: number): this {
    this.now = ms;
    return this;
  }

  /** What a worker says: one frame or more, without its identity. */
  hear(worker: string, ...frames: Message): this {
    return this.give({ type: 'backend', frames: [worker, ...frames] });
  }

  /** What a client asks: one body, in REQ's form. */
  ask(client: string, body = 'hello'): this {
    return this.give({ type: 'frontend', frames: [client, '', body] });
  }

  tick(): this {
    return this.give({ type: 'tick' });
  }

  /** Ticks whenever the machine asks for it, up to that time. */
  until(ms: number): this {
    for (let due = queue.deadline(this.state); due <= ms * 1000; due = queue.deadline(this.state)) {
      this.at(due / 1000).tick();
    }
    return this.at(ms);
  }

  give(input: queue.Input): this {
    const before = JSON.stringify(this.state);
    const given = this.state;
    const [state, effects] = queue.step(this.state, input, this.now * 1000);
    if (JSON.stringify(given) !== before) throw new Error('the machine changed the state that it was given');
    this.state = state;
    this.#keep(effects);
    return this;
  }

  get list(): string[] {
    return this.state.ready.map((w) => w.identity);
  }

  /** The facts of these types since the last call, and all others forgotten. */
  take(...types: Fact['type'][]): Fact[] {
    const taken = this.facts.filter((f) => types.includes(f.type));
    this.facts = [];
    return taken;
  }

  takeSent(): Message[] {
    const frames = this.sent.map((s) => s.frames);
    this.sent = [];
    return frames;
  }

  #keep(effects: queue.Effect[]): void {
    for (const effect of effects) {
      if (effect.type === 'record') this.facts.push(effect.fact);
      else this.sent.push(effect);
    }
  }
}
