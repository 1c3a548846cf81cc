// Guests: Paranoid Pirate peers in any language, that come in through the two public taps. Each becomes a peer on the stage with a
// link of its own. Of its process nothing is known, and nothing is guessed.
// Who brings an identity is known again by it. The others are told apart by one rule: if a nameless guest of the same side and kind
// of socket ended its connection a moment ago, and only one did, then this is it again. Its port would tell nothing: it is a new one.

import { randomInt } from 'node:crypto';
import type { Fact, Micros, Role, Side } from '@crows-nest/protocol';
import type { Endpoint } from '../tap/connection.ts';
import type { Greeting, Guest } from '../tap/handshake.ts';
import { LinkBox } from '../tap/link-box.ts';
import { askPeers } from '../tap/probe.ts';
import { openTap, type Tap } from '../tap/tap.ts';
import { isOver } from './refusal.ts';

export interface GuestsOptions {
  readonly ports: Record<Side, number>;
  readonly target: (side: Side) => Endpoint | undefined;
  /** Of a new guest's link, now. */
  readonly delayMs: () => number;
  readonly now: () => Micros;
  readonly record: (fact: Fact) => void;
  readonly nextMsg: () => number;
  readonly nextConn: () => number;
}

interface Visit {
  readonly peer: string;
  readonly side: Side;
  readonly link: LinkBox;
  /** What it is known again by: its side and the identity that it brought. The nameless have none. */
  readonly known: string | undefined;
  /** Undefined: its bytes cannot be read. */
  readonly socketType: string | undefined;
  connections: number;
  /** Names given to its connections so far. */
  names: number;
  leaving: NodeJS.Timeout | undefined;
}

/** A guest that does not come back leaves the stage; one that reconnects (Lazy Pirates do, all the time) stays. */
const LEAVE_AFTER_MS = 5000;

export class Guests {
  readonly #o: GuestsOptions;
  readonly #byPeer = new Map<string, Visit>();
  readonly #byKnown = new Map<string, Visit>();
  #taps: Tap[] = [];
  #count = 0;
  #isOver = false;

  constructor(options: GuestsOptions) {
    this.#o = options;
  }

  /** Opens both taps. Rejects with the system's error when a port is taken. */
  async open(): Promise<void> {
    for (const side of ['frontend', 'backend'] as const) {
      const { now, record, nextMsg, nextConn, target, ports } = this.#o;
      const link = (greeting: Greeting): Guest => this.#welcome(side, greeting);
      const tap = await openTap({
        side,
        port: ports[side],
        target: () => target(side),
        link,
        now,
        record,
        nextMsg,
        nextConn,
        mayAsk: askPeers,
        onStrangerRefused: (reason) => this.#refused(side, reason),
      });
      this.#taps.push(tap);
      if (!this.#isOver) continue;
      await tap.close();
      throw isOver();
    }
  }

  get ports(): Record<Side, number> {
    return { frontend: this.#taps[0]?.port ?? 0, backend: this.#taps[1]?.port ?? 0 };
  }

  link(peer: string): LinkBox | undefined {
    return this.#byPeer.get(peer)?.link;
  }

  setDelay(delayMs: number, jitterMs: number): void {
    for (const { link } of this.#byPeer.values()) link.setDelay(delayMs, jitterMs);
  }

  links(): LinkBox[] {
    return [...this.#byPeer.values()].map(({ link }) => link);
  }

  /** Ends a guest's connections; its own process is not ours to end, and may come again. */
  disconnect(peer: string): void {
    for (const tap of this.#taps) tap.dropConnections(peer);
  }

  /** To be called with every fact: a guest is here while it has a connection. */
  readonly notice = (fact: Fact): void => {
    if (fact.type !== 'connection.opened' && fact.type !== 'connection.closed') return;
    const visit = this.#byPeer.get(fact.link);
    if (!visit) return;
    visit.connections += fact.type === 'connection.opened' ? 1 : -1;
    clearTimeout(visit.leaving);
    visit.leaving = undefined;
    if (visit.connections === 0) this.#awaitReturn(visit);
  };

  async end(): Promise<void> {
    this.#isOver = true;
    for (const visit of this.#byPeer.values()) clearTimeout(visit.leaving);
    await Promise.all(this.#taps.map((tap) => tap.close()));
  }

  #welcome(side: Side, { identity, socketType }: Greeting): Guest {
    const known = identity ? `${side}:${identity}` : undefined;
    const before = known === undefined ? this.#onlyNameless(side, socketType) : this.#byKnown.get(known);
    const visit = before ?? this.#join(side, known, socketType);
    if (known !== undefined) return { link: visit.link };
    // So that the queue and the trace speak of the same one. Another name each time, as ROUTER would give it: a late reply to an
    // earlier connection must not find this one.
    const fillIdentity = ++visit.names === 1 ? visit.peer : `${visit.peer}.${visit.names}`;
    return { link: visit.link, fillIdentity };
  }

  #onlyNameless(side: Side, socketType: string | undefined): Visit | undefined {
    const waiting = this.#absent(side).filter((v) => v.known === undefined && v.socketType === socketType);
    return waiting.length === 1 ? waiting[0] : undefined;
  }

  #absent(side: Side): Visit[] {
    return [...this.#byPeer.values()].filter((visit) => visit.side === side && visit.connections === 0);
  }

  /** Told of a guest only when it can have been no other. */
  #refused(side: Side, reason: string): void {
    const [visit, ...others] = this.#absent(side);
    if (visit && others.length === 0) visit.link.refused(reason);
  }

  /** Who cannot come back, for there is no queue or a fault is in its way, is waited for. */
  #awaitReturn(visit: Visit): void {
    if (this.#isOver) return;
    visit.leaving = setTimeout(() => {
      const isKeptOut = this.#o.target(visit.side) === undefined || visit.link.link.faults.length > 0;
      if (isKeptOut) this.#awaitReturn(visit);
      else this.#leave(visit);
    }, LEAVE_AFTER_MS).unref();
  }

  #join(side: Side, known: string | undefined, socketType: string | undefined): Visit {
    const peer = `guest-${++this.#count}`;
    const role: Role = side === 'frontend' ? 'client' : 'worker';
    const { now, record, delayMs } = this.#o;
    record({ t: now(), type: 'peer.joined', peer, role, guest: true, name: `guest ${this.#count}` });
    const link = new LinkBox({ id: peer, delayMs: delayMs(), seed: randomInt(2 ** 32), now, record });
    const visit: Visit = { peer, side, link, known, socketType, connections: 0, names: 0, leaving: undefined };
    this.#byPeer.set(peer, visit);
    if (known !== undefined) this.#byKnown.set(known, visit);
    return visit;
  }

  #leave(visit: Visit): void {
    visit.link.heal(undefined, 'ended');
    this.#byPeer.delete(visit.peer);
    if (visit.known !== undefined) this.#byKnown.delete(visit.known);
    this.#o.record({ t: this.#o.now(), type: 'peer.left', peer: visit.peer });
  }
}
