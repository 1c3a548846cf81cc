// What breaks links and processes, by name: what is the same for both is done here, to whichever has it. Healing waits for nobody [L7].

import type { Command, Fact } from '@crows-nest/protocol';
import { Ailments, type AilmentsOptions } from './ailments.ts';
import { checkKnown, type FaultNumbers } from './fault-numbers.ts';
import { Lifetimes } from './lifetimes.ts';
import { LinkFaults, type LinkFaultsOptions } from './link-faults.ts';

export class Faults {
  readonly onLinks: LinkFaults;
  readonly onProcesses: Ailments;
  readonly #numbers: FaultNumbers;
  readonly #lifetimes: Lifetimes;

  constructor(options: LinkFaultsOptions & AilmentsOptions) {
    this.#numbers = options.numbers;
    this.#lifetimes = new Lifetimes(options.now);
    this.onLinks = new LinkFaults(options, this.#lifetimes);
    this.onProcesses = new Ailments(options, this.#lifetimes);
    this.#lifetimes.watch(this.onLinks, this.onProcesses);
  }

  /** Whether it lasts, on a link or process of ours. */
  has(fault: string): boolean {
    return this.onProcesses.has(fault) || this.onLinks.has(fault);
  }

  /** Idempotent: what is healed already, or went with its link or process, is no error [L7]. */
  heal(fault: string): void {
    checkKnown(this.#numbers, fault);
    this.onProcesses.heal(fault, 'asked');
    this.onLinks.heal(fault, 'asked');
  }

  /** Whatever has healed meanwhile has no end to move. */
  prolong({ fault, ttlMs }: Extract<Command, { type: 'fault.prolong' }>): void {
    checkKnown(this.#numbers, fault);
    const untilAt = this.#lifetimes.untilAt(ttlMs);
    this.onProcesses.prolong(fault, untilAt);
    this.onLinks.prolong(fault, untilAt);
    this.#lifetimes.arm();
  }

  healAll(): void {
    this.onProcesses.healAll();
    this.onLinks.healAll();
    this.#lifetimes.arm();
  }

  /** To be called with every fact: a process takes with it what lasted on it. */
  readonly notice = (fact: Fact): void => {
    if (fact.type === 'process.exited') this.onProcesses.processEnded(fact.peer);
  };

  end(): void {
    this.#lifetimes.end();
  }
}
