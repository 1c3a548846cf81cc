// The bridge: puts the processes, their links and the trace together, and carries out commands. What the hub sees as its stage.

import { randomInt } from 'node:crypto';
import type { Command, CommandAnswer, Fact, FaultSpec, Side } from '@crows-nest/protocol';
import { TRACE_VERSION } from '@crows-nest/protocol';
import { clockFrom, epochNow } from '../actor/clock.ts';
import type { Stage } from '../hub/stage.ts';
import type { LinkBox } from '../tap/link-box.ts';
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
}

export class Bridge implements Stage {
  readonly #epoch = epochNow();
  readonly now = clockFrom(this.#epoch);
  readonly trace: Trace;
  readonly troupe: Troupe;
  readonly guests: Guests;
  readonly supervisor: Supervisor;
  readonly startedAt = new Date().toISOString();
  recording: string | undefined;
  /** On which link a fault was applied, healed ones included: healing twice is no error. */
  readonly #faults = new Map<string, string>();

  constructor(options: BridgeOptions) {
    const { now } = this;
    const epoch = this.#epoch;
    this.trace = new Trace(now);
    const record = (fact: Fact): void => {
      this.trace.record(fact);
      this.troupe.notice(fact);
      this.guests.notice(fact);
    };
    let msgs = 0;
    let conns = 0;
    const nextMsg = (): number => ++msgs;
    const nextConn = (): number => ++conns;
    const { entry, complain, queue, linkDelayMs, ports } = options;
    this.supervisor = new Supervisor({ entry, epoch, now, record, complain });
    this.troupe = new Troupe({ supervisor: this.supervisor, now, record, nextMsg, nextConn, queue, linkDelayMs });
    this.guests = new Guests({
      ports,
      target: this.troupe.target,
      delayMs: () => this.troupe.delayMs,
      now,
      record,
      nextMsg,
      nextConn,
    });
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
      if (error instanceof Refusal) return { ok: false, code: 'refused', message: error.message };
      throw error;
    }
  }

  /** Ends every process and listener. */
  async end(): Promise<void> {
    await this.supervisor.end();
    await Promise.all([this.troupe.end(), this.guests.end()]);
    this.trace.end();
  }

  async #do(command: Command): Promise<void> {
    const { troupe, guests } = this;
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
        return troupe.pause(command.peer);
      case 'process.resume':
        return troupe.resume(command.peer);
      case 'process.overload':
        return troupe.overload(command.peer, command.ms);
      case 'process.restart':
        return troupe.restart(command.peer, command.identity, 'asked for');
      case 'queue.configure':
        return troupe.configureQueue(defined(command));
      case 'fault.apply':
        return this.#applyFault(command);
      case 'fault.heal':
        return this.#healFault(command.fault);
      case 'heal.all':
        troupe.heal();
        guests.heal();
    }
  }

  #link(peer: string): LinkBox {
    const link = this.troupe.link(peer) ?? this.guests.link(peer);
    if (!link)
      throw new Refusal(
        peer === 'queue' ? 'the queue has no link of its own: choose a worker or client' : `there is no ${peer}`,
      );
    return link;
  }

  #delay(peer: string | undefined, delayMs: number, jitterMs: number): void {
    if (peer !== undefined) return this.#link(peer).setDelay(delayMs, jitterMs);
    this.troupe.setDelay(undefined, delayMs, jitterMs);
    this.guests.setDelay(delayMs, jitterMs);
  }

  #applyFault(command: Extract<Command, { type: 'fault.apply' }>): void {
    const link = this.#link(command.link);
    const { kind, direction, message, nth, count, probability, extraMs, jitterMs } = command;
    const spec: FaultSpec = {
      id: `f${this.#faults.size + 1}`,
      kind,
      selector: { direction, kind: message, nth, count, probability },
      seed: randomInt(2 ** 31),
      extraMs,
      jitterMs,
    };
    this.#faults.set(spec.id, command.link);
    link.applyFault(spec);
  }

  #healFault(fault: string): void {
    const peer = this.#faults.get(fault);
    if (peer === undefined) throw new Refusal(`there is no fault ${fault}`);
    // Idempotent: what is healed already, or went with its link, is no error [L7].
    (this.troupe.link(peer) ?? this.guests.link(peer))?.heal(fault);
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
