// The bridge: puts the processes of one troupe, their links and their trace together, and carries out commands.

import { randomInt } from 'node:crypto';
import type { Batch, ClientKnobs, Command, CommandAnswer, Fact, Micros, Side } from '@crows-nest/protocol';
import { TRACE_VERSION } from '@crows-nest/protocol';
import { clockFrom, epochNow } from '../actor/clock.ts';
import type { LinkBox } from '../tap/link-box.ts';
import type { QueueKnobs, WorkerKnobs } from './actor-args.ts';
import { countFaults, type FaultNumbers } from './fault-numbers.ts';
import { Faults } from './faults.ts';
import { Guests } from './guests.ts';
import { ReaperPipe } from './reaper-pipe.ts';
import { isOver, Refusal } from './refusal.ts';
import { Supervisor } from './supervisor.ts';
import { Trace } from './trace.ts';
import { Troupe } from './troupe.ts';

export interface BridgeOptions {
  /** The built entry that the actors are started from. */
  readonly entry: string;
  readonly queue: QueueKnobs;
  readonly linkDelayMs: number;
  /** Of the guests' taps; 0: any free one. */
  readonly ports: Record<Side, number>;
  readonly complain: (line: string) => void;
  /** One that outlives it; its own, when not given. */
  readonly reaper?: ReaperPipe | undefined;
  /** Where its clock starts; now, when not given. */
  readonly epoch?: number | undefined;
  /** Of the chances of this link or that fault; random when not given. */
  readonly seedFor?: ((name: string) => number) | undefined;
  /** Its own, when not given. */
  readonly faultNumbers?: FaultNumbers | undefined;
}

/** Who is on the stage when a run begins, beside the queue. */
export interface Company {
  readonly clients: number;
  readonly workers: number;
  readonly client?: ClientKnobs | undefined;
  readonly worker?: WorkerKnobs | undefined;
}

export class Bridge {
  /** A run of one troupe is one of side A alone. */
  readonly sides: { readonly a: Bridge } = { a: this };
  readonly now: () => Micros;
  readonly trace: Trace;
  readonly troupe: Troupe;
  readonly guests: Guests;
  readonly supervisor: Supervisor;
  readonly startedAt = new Date().toISOString();
  readonly faults: Faults;
  readonly #reaper: ReaperPipe;
  readonly #isReaperOwn: boolean;
  #ended: Promise<void> | undefined;

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
    this.#isReaperOwn = options.reaper === undefined;
    this.#reaper = options.reaper ?? new ReaperPipe(entry);
    const reaper = this.#reaper;
    this.supervisor = new Supervisor({ entry, reaper, epoch, now, record, complain });
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
    const { faultNumbers: numbers = countFaults() } = options;
    this.faults = new Faults({ troupe, links, link, numbers, now, record, seedFor });
    record({ t: now(), type: 'run.started', version: TRACE_VERSION, startedAt: this.startedAt, source: 'live' });
  }

  onBatch(listener: (batch: Batch) => void): () => void {
    return this.trace.onBatch(listener);
  }

  /** Opens the guests' taps and starts the queue; resolves when it is bound. Rejects when it is ended before. */
  async start(): Promise<void> {
    await this.#reaper.ready;
    if (this.supervisor.isOver) throw isOver();
    await this.guests.open();
    await this.troupe.startQueue();
  }

  async enter({ clients, client, workers, worker }: Company): Promise<void> {
    for (let i = 0; i < clients; i++) await this.troupe.addClient(client);
    for (let i = 0; i < workers; i++) await this.troupe.addWorker(worker);
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

  /** Ends every process and listener, also those that are about to be; may be asked for again. */
  end(): Promise<void> {
    this.#ended ??= this.#end();
    return this.#ended;
  }

  /** For a bridge that is about to fall [S11]. */
  killAll(): void {
    this.supervisor.killAll();
  }

  async #end(): Promise<void> {
    this.faults.end();
    await this.supervisor.end();
    if (this.#isReaperOwn) this.#reaper.end();
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
        return troupe.own(command.peer).pace(command.everyMs);
      case 'peer.remove':
        return guests.link(command.peer) ? guests.disconnect(command.peer) : troupe.remove(command.peer);
      case 'link.delay':
        return this.#delay(command.link, command.delayMs, command.jitterMs);
      case 'process.kill':
        return troupe.own(command.peer).kill();
      case 'process.pause':
        return faults.onProcesses.pause(command);
      case 'process.resume':
        return faults.onProcesses.resume(command.peer);
      case 'process.stop':
        return troupe.own(command.peer).stop();
      case 'process.mute':
        return faults.onProcesses.mute(command);
      case 'process.slow':
        return faults.onProcesses.slow(command);
      case 'process.overload':
        return troupe.own(command.peer).overload(command.ms);
      case 'process.restart':
        return troupe.own(command.peer).restart(command.identity, 'asked for');
      case 'queue.configure':
        return troupe.configureQueue(defined(command));
      case 'fault.apply':
        return faults.onLinks.apply(command);
      case 'link.profile':
        return faults.onLinks.profile(command);
      case 'link.reset':
        return faults.onLinks.breakOff(command.link, 'reset');
      case 'link.close':
        return faults.onLinks.breakOff(command.link, 'close');
      case 'message.drop':
        return faults.onLinks.dropMessage(command.msg);
      case 'message.replay':
        return faults.onLinks.replay(command);
      case 'fault.step':
        return faults.onLinks.step(command.fault);
      case 'fault.heal':
        return faults.heal(command.fault);
      case 'fault.prolong':
        return faults.prolong(command);
      case 'heal.all':
        faults.healAll();
        troupe.revive();
        return;
      case 'client.ask':
      case 'comparison.begin':
      case 'comparison.end':
        throw new Refusal({ reason: 'nothingCompared' });
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
