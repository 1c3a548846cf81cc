// Both directions of a connection as one: what is asked of a message on its way is asked of each.

import type { Socket } from 'node:net';
import type { Direction, Message } from '@crows-nest/protocol';
import type { Account } from './accounts.ts';
import type { Parcel } from './delay-line.ts';
import { Flow, type FlowOptions } from './flow.ts';
import type { Carrier, Making } from './link-box.ts';

/** What the two have in common, and the account of each. */
export interface FlowsOptions extends Omit<FlowOptions, 'direction' | 'source' | 'sink' | 'account'> {
  readonly peer: Socket;
  readonly queue: Socket;
  readonly accounts: Readonly<Record<Direction, Account>>;
}

export class Flows implements Carrier {
  readonly toQueue: Flow;
  readonly fromQueue: Flow;

  constructor(options: FlowsOptions) {
    const { peer, queue, accounts, ...shared } = options;
    const { toQueue, fromQueue } = accounts;
    this.toQueue = new Flow({ ...shared, direction: 'toQueue', source: peer, sink: queue, account: toQueue });
    this.fromQueue = new Flow({ ...shared, direction: 'fromQueue', source: queue, sink: peer, account: fromQueue });
  }

  /** Something changed that their lines or throttles may depend on. */
  refresh(): void {
    this.toQueue.refresh();
    this.fromQueue.refresh();
  }

  /** What one side says can only be read knowing what the other said. */
  abandon(reason: string): void {
    this.toQueue.abandon(reason);
    this.fromQueue.abandon(reason);
  }

  stop(): void {
    this.toQueue.stop();
    this.fromQueue.stop();
  }

  released(fault: string): void {
    this.toQueue.released(fault);
    this.fromQueue.released(fault);
  }

  oldestHeld(fault: string): Parcel | undefined {
    const [one, other] = [this.toQueue.oldestHeld(fault), this.fromQueue.oldestHeld(fault)];
    return one && other ? ((one.msg ?? 0) < (other.msg ?? 0) ? one : other) : (one ?? other);
  }

  step(parcel: Parcel, fault: string): void {
    this.toQueue.step(parcel, fault);
    this.fromQueue.step(parcel, fault);
  }

  carries(msg: number): boolean {
    return this.toQueue.carries(msg) || this.fromQueue.carries(msg);
  }

  drop(msg: number, fault: string): boolean {
    return this.toQueue.drop(msg, fault) || this.fromQueue.drop(msg, fault);
  }

  inject(direction: Direction, frames: Message, making: Making): boolean {
    return this[direction].inject(frames, making);
  }
}
