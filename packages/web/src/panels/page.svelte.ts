// What the page knows and looks at: one log, one playhead, one selection, shared by the stage and every panel.
// The stage draws each frame from the log itself; panels read `look`, a picture of the state taken a few times a second.

import type { AudienceRole, CommandRequest, Micros, Snapshot, State, TraceEvent } from '@crows-nest/protocol';
import { BROADCAST_DELAY_MS, copyState, emptyState, ledgerBalances, millis } from '@crows-nest/protocol';
import { BridgeClock } from '../model/clock.ts';
import { TraceLog } from '../model/log.ts';
import { type Mode, Playhead } from '../model/playhead.ts';
import type { Selection } from '../model/selection.ts';
import type { Connection, Sink, Source } from '../source/source.ts';
import { WORDS } from '../stage/words.ts';
import { Notices } from './notices.svelte.ts';
import type { Settings } from './settings.svelte.ts';

export type PanelTab = 'inspector' | 'wire' | 'figures' | 'controls';

export interface Look {
  readonly t: Micros;
  readonly state: State;
}

/** Panels are read, not watched: four pictures a second keep numbers legible. */
const LOOK_MS = 250;

export class Page implements Sink {
  readonly log = new TraceLog();
  readonly notices = new Notices();
  readonly settings: Settings;

  connection = $state.raw<Connection>({ phase: 'connecting' });
  audience = $state.raw<AudienceRole | null>(null);
  mode = $state<Mode>('live');
  look = $state.raw<Look>({ t: 0, state: emptyState() });
  selection = $state.raw<Selection | null>(null);
  /** What the pointer or the focus is on, in any view. */
  hover = $state.raw<Selection | null>(null);
  tab = $state<PanelTab>('inspector');
  /** Things in the stream that were not facts. */
  malformed = $state(0);
  /** How far the picture is behind live, in microseconds, when it is not live. */
  behind = $state<Micros>(0);

  /** The ledger must always add up [T4]; when it does not, that is said. */
  readonly unbalanced = $derived(!ledgerBalances(this.look.state));

  /** The zero of the log's clock: when the run's first peer came, as far as the snapshot knows. */
  readonly runStartAt: Micros = $derived(
    Object.values(this.look.state.peers).reduce((least, peer) => Math.min(least, peer.joinedAt), this.look.t),
  );

  readonly #source: Source;
  readonly #now: () => number;
  readonly #clock = new BridgeClock();
  readonly #playhead = new Playhead();
  #lookedAt = Number.NEGATIVE_INFINITY;
  #generation = -1;

  constructor(source: Source, settings: Settings, now: () => number = () => performance.now()) {
    this.#source = source;
    this.settings = settings;
    this.#now = now;
  }

  get presenter(): boolean {
    return this.audience === 'presenter';
  }

  open(): void {
    this.#source.open(this);
  }

  close(): void {
    this.#source.close();
  }

  // What a source puts in.

  phase(connection: Connection): void {
    this.connection = connection;
  }

  role(role: AudienceRole): void {
    this.audience = role;
  }

  snapshot(snapshot: Snapshot): void {
    this.log.reset(snapshot);
    this.#clock.reset();
    this.#clock.observe(snapshot.now, this.#now());
  }

  batch(events: readonly TraceEvent[], now: Micros, malformed: number): void {
    this.log.append(events, now);
    if (now > 0) this.#clock.observe(now, this.#now());
    if (malformed > 0) this.malformed += malformed;
  }

  // What a person does.

  hold(): void {
    this.#setMode('held');
  }

  /** On from where it was held; that is behind live by as long as it was held. */
  resume(): void {
    this.#setMode('behind');
  }

  goLive(): void {
    this.#setMode('live');
    const target = this.#target(this.#now());
    if (target !== null) this.#playhead.set(Math.min(target, this.log.endAt));
    this.#take();
  }

  /** Holds the picture at t, within what is held. */
  seek(t: Micros): void {
    this.#setMode('held');
    this.#playhead.set(Math.max(this.log.startAt, Math.min(t, this.log.endAt)));
    this.#take();
  }

  toggleHold(): void {
    if (this.mode === 'held') this.resume();
    else this.hold();
  }

  select(selection: Selection | null): void {
    this.selection = selection;
    // In the log it is seen as well; among the controls it would not be.
    if (selection && this.tab === 'controls') this.tab = 'inspector';
    this.#take();
  }

  /** A refusal is said where it is seen and heard; the promise is for a form that waits for its answer. */
  async command(request: CommandRequest): Promise<boolean> {
    const answer = await this.#source.command(request);
    if (!answer.ok) this.notices.say(this.settings.words.refusal(answer.message), 'refused');
    return answer.ok;
  }

  /** A peer's name in the language of the page; its id when it is not on the stage any more. */
  nameOf(peer: string): string {
    const name = this.look.state.peers[peer]?.name ?? peer.replace('-', ' ');
    return WORDS[this.settings.locale].name(name);
  }

  healAll(): void {
    if (!this.presenter) return;
    void this.command({ type: 'heal.all' }).then((done) => {
      if (done) this.notices.say(this.settings.words.bar.healDone, 'done');
    });
  }

  /** One frame: moves the playhead and says what time to draw. */
  frame(at: number): Micros {
    if (this.#generation !== this.log.generation) this.#begin();
    const target = this.#target(at);
    const t = this.#playhead.advance(at, target, this.log.endAt);
    if (this.mode !== this.#playhead.mode) this.mode = this.#playhead.mode;
    if (at - this.#lookedAt >= LOOK_MS) this.#take(at);
    return t;
  }

  /** A new log: what was selected in another run is not in this one. */
  #begin(): void {
    const first = this.#generation === -1;
    this.#generation = this.log.generation;
    const restarted = this.log.endAt < this.#playhead.t || this.log.startAt > this.#playhead.t;
    if (first || restarted) {
      this.#playhead.set(this.log.startAt);
      this.#setMode('live');
    }
    this.#take();
  }

  #target(at: number): Micros | null {
    const now = this.#clock.now(at);
    return now === null ? null : Math.max(this.log.startAt, now - millis(BROADCAST_DELAY_MS));
  }

  #setMode(mode: Mode): void {
    this.#playhead.mode = mode;
    this.mode = mode;
  }

  #take(at: number = this.#now()): void {
    this.#lookedAt = at;
    const t = this.#playhead.t;
    this.look = { t, state: copyState(this.log.stateAt(t)) };
    this.behind = Math.max(0, (this.#target(at) ?? t) + millis(BROADCAST_DELAY_MS) - t);
  }
}
