// A wire that a test plays by hand: what peers and the queue say on their links, judged as it is said.

import {
  beginJudgement,
  type Direction,
  type Fact,
  type Finding,
  findingsOf,
  judge,
  judgeUntil,
  kindOnLink,
  type Message,
  millis,
  Recorder,
  type Side,
  type StatementId,
  type TraceEvent,
} from '../src/index.ts';

type FactOf<T extends Fact['type']> = Extract<Fact, { type: T }>;

interface Line {
  readonly side: Side;
  readonly identity: string;
  conn: number;
}

export class JudgedWire {
  /** Milliseconds. */
  now = 0;
  readonly judgement = beginJudgement();
  readonly #recorder = new Recorder();
  readonly #lines = new Map<string, Line>();
  #msg = 0;
  #conn = 0;
  seq = -1;
  /** All that was told, in order. */
  readonly events: TraceEvent[] = [];

  constructor(rules: FactOf<'queue.started'>['rules'] = 'listing') {
    this.tell({ type: 'peer.joined', peer: 'queue', role: 'queue', guest: false, name: 'queue' });
    this.tell({ type: 'queue.started', peer: 'queue', rules, heartbeatIntervalMs: 1000, liveness: 3 });
  }

  /** Any fact, as of now. */
  tell(fact: Fact extends infer F ? (F extends Fact ? Omit<F, 't'> : never) : never): this {
    for (const event of this.#recorder.record({ t: millis(this.now), ...fact } as Fact)) {
      this.seq = event.seq;
      this.events.push(event);
      judge(this.judgement, event);
    }
    return this;
  }

  wait(ms: number): this {
    this.now += ms;
    judgeUntil(this.judgement, millis(this.now));
    return this;
  }

  joins(peer: string, side: Side, greeting: Partial<FactOf<'connection.greeted'>> = {}): this {
    const role = side === 'backend' ? 'worker' : 'client';
    this.tell({ type: 'peer.joined', peer, role, guest: true, name: peer });
    this.#lines.set(peer, { side, identity: peer.toUpperCase(), conn: 0 });
    return this.connects(peer, greeting);
  }

  connects(peer: string, greeting: Partial<FactOf<'connection.greeted'>> = {}): this {
    const line = this.#line(peer);
    line.conn = ++this.#conn;
    this.tell({ type: 'connection.opened', link: peer, conn: line.conn, side: line.side });
    const socketType = line.side === 'backend' ? 'DEALER' : 'REQ';
    const usual = { version: '3.1', mechanism: 'NULL', socketType, identity: line.identity };
    return this.tell({ type: 'connection.greeted', link: peer, conn: line.conn, by: 'peer', ...usual, ...greeting });
  }

  closes(peer: string, by: 'peer' | 'queue' | 'tap' = 'peer'): this {
    return this.tell({ type: 'connection.closed', link: peer, conn: this.#line(peer).conn, by });
  }

  /** What is no request or reply the queue reads at once; the others when it passes them on. */
  says(peer: string, ...frames: string[]): this {
    const { side, identity } = this.#line(peer);
    this.#carry(peer, 'toQueue', frames);
    return frames.length > 1 ? this : this.tell({ type: 'message.read', peer: 'queue', side, identity });
  }

  told(peer: string, ...frames: string[]): this {
    return this.#carry(peer, 'fromQueue', frames);
  }

  /** What is said, and then swallowed by a fault. */
  saysInVain(peer: string, ...frames: string[]): this {
    this.tell({ type: 'fault.applied', fault: 'f1', link: peer, kind: 'drop', seed: 1 });
    this.#enter(peer, 'toQueue', frames);
    this.tell({ type: 'message.dropped', link: peer, msg: this.#msg, fault: 'f1' });
    return this.tell({ type: 'fault.healed', fault: 'f1', link: peer, kind: 'drop', why: 'asked' });
  }

  /** Both sides beat, for so many intervals. */
  beats(peer: string, intervals: number, ms = 1000): this {
    for (let i = 0; i < intervals; i++) this.wait(ms).says(peer, 'HEARTBEAT').told(peer, 'HEARTBEAT');
    return this;
  }

  /** A request that the queue passes on from `client` to `worker`, with frames of its own if it changes them. */
  dispatches(client: string, worker: string, ...frames: string[]): this {
    const [from, to] = [this.#line(client), this.#line(worker)];
    this.tell({ type: 'message.read', peer: 'queue', side: 'frontend', identity: from.identity });
    const who = { client: from.identity, worker: to.identity };
    this.tell({ type: 'request.dispatched', peer: 'queue', ...who, attempt: 1 });
    return this.told(worker, ...frames);
  }

  forwards(worker: string, client: string, ...frames: string[]): this {
    const [from, to] = [this.#line(worker), this.#line(client)];
    this.tell({ type: 'message.read', peer: 'queue', side: 'backend', identity: from.identity });
    this.tell({ type: 'reply.forwarded', peer: 'queue', client: to.identity, worker: from.identity });
    return this.told(client, ...frames);
  }

  finding(peer: string, statement: StatementId): Finding {
    const found = findingsOf(this.judgement, peer).find((finding) => finding.statement === statement);
    if (!found) throw new Error(`${peer} is not judged by ${statement}`);
    return found;
  }

  /** All that is broken, as `peer statement`. */
  broken(): string[] {
    return Object.keys(this.judgement.peers).flatMap((peer) =>
      findingsOf(this.judgement, peer).flatMap((f) => (f.standing === 'broken' ? [`${peer} ${f.statement}`] : [])),
    );
  }

  #line(peer: string): Line {
    const line = this.#lines.get(peer);
    if (!line) throw new Error(`nobody is called ${peer}`);
    return line;
  }

  #carry(peer: string, direction: Direction, frames: Message): this {
    this.#enter(peer, direction, frames);
    return this.tell({ type: 'message.left', link: peer, msg: this.#msg });
  }

  #enter(peer: string, direction: Direction, frames: Message): void {
    const { side, conn } = this.#line(peer);
    const kind = kindOnLink(side, direction, frames.length, frames[0] ?? '', frames[1]);
    const shown = { frames: [...frames], sizes: frames.map(({ length }) => length), frameCount: frames.length };
    const msg = ++this.#msg;
    this.tell({ type: 'message.entered', link: peer, conn, msg, direction, kind, ...shown, dueAt: millis(this.now) });
  }
}
