// The bridge: puts the processes, their links and the trace together, and carries out commands. What the hub sees as its stage.

import { randomInt } from 'node:crypto';
import type { Command, CommandAnswer, Fact, Micros, Side } from '@crows-nest/protocol';
import { TRACE_VERSION } from '@crows-nest/protocol';
import { clockFrom, epochNow } from '../actor/clock.ts';
import type { Stage } from '../hub/stage.ts';
import type { LinkBox } from '../tap/link-box.ts';
import { Faults } from './faults.ts';
import { Guests } from './guests.ts';
import { Supervisor } from './supervisor.ts';
import { Trace } from './trace.ts';
import { type QueueKnobs, Refusal, Troupe } from './troupe.ts';

export interface BridgeOptions {
  /** The built entry that the actors are started from. */
  readonly entry: string;
  readonly queue: QueueKnobs;
  readonly linkDelayMs: number;
  /** Of the guests' taps; 0: any free one. */
  readonly ports: Record<Side, number>;
  readonly complain: (line: string) => void;
  /** Where its clock starts; now, when not given. */
  readonly epoch?: number | undefined;
  /** Of the chances of this link or that fault; random when not given. */
  readonly seedFor?: ((name: string) => number) | undefined;
}

export class Bridge implements Stage {
  readonly now: () => Micros;
  readonly trace: Trace;
  readonly troupe: Troupe;
  readonly guests: Guests;
  readonly supervisor: Supervisor;
  readonly startedAt = new Date().toISOString();
  recording: string | undefined;
  readonly faults: Faults;

  constructor(options: BridgeOptions) {
    const epoch = options.epoch ?? epochNow();
    const now = clockFrom(epoch);
    this.now = now;
    this.trace = new Trace(now);
    const record = (fact: Fact): void => {
      this.trace.record(fact);
      this.troupe.notice(fact);
      this.guests.notice(fact);
      this.faults.notice(fact);
    };
    let msgs = 0;
    let conns = 0;
    const nextMsg = (): number => ++msgs;
    const nextConn = (): number => ++conns;
    const { entry, complain, queue, linkDelayMs, ports, seedFor = randomSeed } = options;
    this.supervisor = new Supervisor({ entry, epoch, now, record, complain });
    const { supervisor } = this;
    this.troupe = new Troupe({ supervisor, now, record, nextMsg, nextConn, queue, linkDelayMs, seedFor });
    this.guests = new Guests({
      ports,
      target: this.troupe.target,
      delayMs: () => this.troupe.delayMs,
      now,
      record,
      nextMsg,
      nextConn,
    });
    const { troupe, guests } = this;
    const links = (): LinkBox[] => [...troupe.links(), ...guests.links()];
    const link = (peer: string): LinkBox | undefined => troupe.link(peer) ?? guests.link(peer);
    this.faults = new Faults({ troupe, links, link, now, record, seedFor });
    record({ t: now(), type: 'run.started', version: TRACE_VERSION, startedAt: this.startedAt, source: 'live' });
  }

  snapshot: Stage['snapshot'] = () => this.trace.snapshot();
  onBatch: Stage['onBatch'] = (listener) => this.trace.onBatch(listener);

  /** Opens the guests' taps and starts the queue; resolves when it is bound. */
  async start(): Promise<void> {
    await this.supervisor.ready;
    await this.guests.open();
    await this.troupe.startQueue();
  }

  async carryOut(command: Command): Promise<CommandAnswer> {
    try {
      await this.#do(command);
      return { ok: true };
    } catch (error) {
      if (error instanceof Refusal) return error.answer;
      throw error;
    }
  }

  /** Ends every process and listener. */
  async end(): Promise<void> {
    this.faults.end();
    await this.supervisor.end();
    await Promise.all([this.troupe.end(), this.guests.end()]);
    this.trace.end();
  }

  async #do(command: Command): Promise<void> {
    const { troupe, guests, faults } = this;
    switch (command.type) {
      case 'worker.add': {
        for (let i = 0; i < command.count; i++) await troupe.addWorker(command);
        return;
      }
      case 'client.add':
        await troupe.addClient(command);
        return;
      case 'client.pace':
        return troupe.pace(command.peer, command.everyMs);
      case 'peer.remove':
        return guests.link(command.peer) ? guests.disconnect(command.peer) : troupe.remove(command.peer);
      case 'link.delay':
        return this.#delay(command.link, command.delayMs, command.jitterMs);
      case 'process.kill':
        return troupe.kill(command.peer);
      case 'process.pause':
        return faults.pause(command);
      case 'process.resume':
        return faults.resume(command.peer);
      case 'process.stop':
        return troupe.stop(command.peer);
      case 'process.mute':
        return faults.mute(command);
      case 'process.slow':
        return faults.slow(command);
      case 'process.overload':
        return troupe.overload(command.peer, command.ms);
      case 'process.restart':
        return troupe.restart(command.peer, command.identity, 'asked for');
      case 'queue.configure':
        return troupe.configureQueue(defined(command));
      case 'fault.apply':
        return faults.apply(command);
      case 'link.profile':
        return faults.profile(command);
      case 'link.reset':
        return faults.breakOff(command.link, 'reset');
      case 'link.close':
        return faults.breakOff(command.link, 'close');
      case 'message.drop':
        return faults.dropMessage(command.msg);
      case 'message.replay':
        return faults.replay(command);
      case 'fault.step':
        return faults.step(command.fault);
      case 'fault.heal':
        return faults.heal(command.fault);
      case 'fault.prolong':
        return faults.prolong(command);
      case 'heal.all':
        faults.healAll();
        troupe.revive();
    }
  }

  #link(peer: string): LinkBox {
    const link = this.troupe.link(peer) ?? this.guests.link(peer);
    if (!link) throw new Refusal({ reason: peer === 'queue' ? 'noLink' : 'gone', peer });
    return link;
  }

  #delay(peer: string | undefined, delayMs: number, jitterMs: number): void {
    if (peer !== undefined) return this.#link(peer).setDelay(delayMs, jitterMs);
    this.troupe.setDelay(delayMs, jitterMs);
    this.guests.setDelay(delayMs, jitterMs);
  }
}

function defined(knobs: Partial<{ [K in keyof QueueKnobs]: QueueKnobs[K] | undefined }>): Partial<QueueKnobs> {
  const { rules, heartbeatIntervalMs, liveness } = knobs;
  return {
    ...(rules === undefined ? {} : { rules }),
    ...(heartbeatIntervalMs === undefined ? {} : { heartbeatIntervalMs }),
    ...(liveness === undefined ? {} : { liveness }),
  };
}

const randomSeed = (): number => randomInt(2 ** 31);
