// What time is looked at, and how it goes on: one playhead over the log, or over both when two troupes are compared, and pictures of
// the state for whoever reads. A stage draws each frame from its log; panels read `look`, a picture taken a few times a second, and
// are about one side at a time: the one that is shown.

import type { Micros, SideName } from '@crows-nest/protocol';
import { BROADCAST_DELAY_MS, millis } from '@crows-nest/protocol';
import { BridgeClock } from '../../model/clock.ts';
import type { Gap, TraceLog } from '../../model/log.ts';
import type { Markers } from '../../model/markers.ts';
import { type Known, type Mode, Playhead } from '../../model/playhead.ts';
import { SLOW } from '../../model/speed.ts';
import { type Until, UntilSearch } from '../../model/until.ts';
import { Notices } from '../notices.svelte.ts';
import type { Settings } from '../settings.svelte.ts';
import { type Look, Side } from './side.svelte.ts';

/** What of the trace is kept, and up to where it can be looked at. */
export interface Kept {
  readonly startAt: Micros;
  readonly endAt: Micros;
  readonly edge: Micros;
  /** What was missed of it. */
  readonly gaps: readonly Gap[];
}

/** Panels are read, not watched: four pictures a second keep numbers legible. */
const LOOK_MS = 250;
/** How long a hop takes on the screen at least, when the picture is schematic. */
const SCHEMATIC_HOP_MS = 300;

export class Playback {
  readonly a = new Side('a');
  /** What side A is compared with. */
  b = $state.raw<Side | null>(null);
  /** The side that the panels are about. */
  shown = $state<SideName>('a');
  readonly sides: readonly Side[] = $derived(this.b ? [this.a, this.b] : [this.a]);

  readonly notices = new Notices();
  readonly settings: Settings;

  mode = $state<Mode>('live');
  speed = $state(1);
  /** What the picture runs on to, to be held there. */
  waitingFor = $state.raw<Until | null>(null);
  kept = $state.raw<Kept>({ startAt: 0, endAt: 0, edge: 0, gaps: [] });
  /** How far the picture is behind live, in microseconds, when it is not live. */
  behind = $state<Micros>(0);
  /** What is looked at is all there will ever be: there is no live, and the picture plays from the beginning to the end. */
  replay = $state(false);
  /** The zero of the clock: when the run's first peer came, as far as the log knows. */
  runStartAt = $state<Micros>(0);

  /** So slow that a hop's true time is worth reading. */
  readonly slow: boolean = $derived(this.speed < SLOW);

  /** In the picture's own time: the slower it plays, the less a hop needs to be stretched to be seen. null: to scale. */
  readonly stretchUs: Micros | null = $derived.by(() =>
    this.settings.schematic ? Math.round(millis(SCHEMATIC_HOP_MS) * Math.min(1, this.speed)) : null,
  );

  readonly #now: () => number;
  readonly #clock = new BridgeClock();
  readonly #playhead = new Playhead();
  #search: UntilSearch | null = null;
  #lookedAt = Number.NEGATIVE_INFINITY;
  #generation = -1;

  constructor(settings: Settings, now: () => number) {
    this.settings = settings;
    this.#now = now;
    // What the address asked for.
    if (settings.asked.speed !== undefined) this.setSpeed(settings.asked.speed);
  }

  /** The bridge's time, just heard; with `anew` what was heard before is of another clock. */
  hear(now: Micros, { anew = false } = {}): void {
    if (anew) this.#clock.reset();
    this.#clock.observe(now, this.#now());
  }

  get side(): Side {
    return (this.shown === 'b' && this.b) || this.a;
  }

  get log(): TraceLog {
    return this.side.log;
  }

  get look(): Look {
    return this.side.look;
  }

  get markers(): Markers {
    return this.side.markers;
  }

  /** What can be looked at on every side; of recordings, which need not be of one length, on any. */
  get known(): Known {
    if (!this.b) return this.a.log;
    const [a, b] = [this.a.log, this.b.log];
    const startAt = this.replay ? Math.min(a.startAt, b.startAt) : Math.max(a.startAt, b.startAt);
    return { startAt, endAt: this.replay ? Math.max(a.endAt, b.endAt) : Math.min(a.endAt, b.endAt) };
  }

  /** The time that is looked at. It moves with each frame: panels read `look`, which is for reading. */
  get t(): Micros {
    return this.#playhead.t;
  }

  /** The newest time that can be looked at: live is there. */
  get edge(): Micros {
    const { endAt } = this.known;
    return Math.max(this.t, Math.min(this.#liveAt(this.#now()) ?? endAt, endAt));
  }

  get schematic(): boolean {
    return this.settings.schematic;
  }

  // What a person does.

  hold(): void {
    this.#move(() => this.#playhead.hold());
  }

  /** On from where it was held; that is behind live by as long as it was held. */
  resume(): void {
    this.#move(() => this.#playhead.play());
  }

  toggleHold(): void {
    if (this.mode === 'held') this.resume();
    else this.hold();
  }

  /** To the end of a recording, where there is no live. */
  goLive(): void {
    const edge = this.edge;
    if (this.replay) return this.seek(edge);
    this.#move(() => {
      this.#playhead.goLive();
      this.#playhead.set(edge);
    });
  }

  setSpeed(speed: number): void {
    this.#playhead.setSpeed(speed);
    this.#follow();
  }

  /** To t, within what can be looked at, and held there; with `hold: false` it plays on from there if it was playing. */
  seek(t: Micros, { hold = true } = {}): void {
    const edge = this.edge;
    if (!hold && this.mode !== 'held' && t >= edge) return this.goLive();
    this.#move(() => {
      this.#playhead.set(Math.max(this.known.startAt, Math.min(Math.floor(t), edge)));
      if (hold) this.#playhead.hold();
      else if (this.mode === 'live') this.#playhead.play();
    });
  }

  /** While a hand is on the time bar: the stage follows each move, the panels as fast as they can be read. */
  scrub(t: Micros): void {
    const edge = this.edge;
    this.#playhead.set(Math.max(this.known.startAt, Math.min(Math.floor(t), edge)));
    this.#playhead.hold();
    this.#follow();
  }

  /** To the next or previous time at which something happened, and held there. */
  step(direction: -1 | 1): void {
    const t = direction < 0 ? (this.log.timeBefore(this.t) ?? this.known.startAt) : this.log.timeAfter(this.t);
    if (t !== null && t <= this.edge) this.seek(t);
    else this.hold();
  }

  /** Plays on until such a fact, and holds there; null: not any more. */
  runUntil(until: Until | null): void {
    if (until && this.mode === 'held') this.#playhead.play();
    this.#playhead.stopAt = null;
    this.#search = until && new UntilSearch(until, this.t);
    this.waitingFor = until;
    this.#follow();
  }

  /** One frame: moves the playhead and says what time to draw. */
  frame(at: number): Micros {
    if (this.#generation !== this.a.log.generation) this.#begin();
    const { mode, t: before } = this.#playhead;
    if (this.#search && this.#playhead.stopAt === null) this.#playhead.stopAt = this.#search.next(this.log);
    const { known } = this;
    const pushed = mode !== 'live' && before < known.startAt;
    const t = this.#playhead.advance(at, this.#liveAt(at), known);
    if (pushed) this.notices.say(this.settings.words.playback.pushed, 'done');
    if (mode !== this.#playhead.mode) {
      this.#follow();
      if (this.mode === 'held') this.take(at);
    }
    if (at - this.#lookedAt >= LOOK_MS) this.take(at);
    return t;
  }

  /** What was waited for is waited for on the side that is shown, from here on. */
  protected searchAnew(): void {
    if (!this.#search) return;
    this.#search = new UntilSearch(this.#search.until, this.t);
    this.#playhead.stopAt = null;
  }

  /** Another run: its time has nothing to do with the last one's. */
  #begin(): void {
    const first = this.#generation === -1;
    this.#generation = this.a.log.generation;
    this.#playhead.set(this.known.startAt);
    // The speed that the address asked for holds from the start.
    if (this.replay) this.#playhead.play();
    else if (!first || this.#playhead.speed >= 1) this.#playhead.goLive();
    this.searchAnew();
    this.runStartAt = Math.min(
      this.log.startAt,
      ...Object.values(this.log.stateAt(this.log.startAt).peers).map((peer) => peer.joinedAt),
    );
    this.#follow();
    this.take();
  }

  #liveAt(at: number): Micros | null {
    // Never reached: a recording is played up to its end, and then it stands there.
    if (this.replay) return Number.POSITIVE_INFINITY;
    const now = this.#clock.now(at);
    return now === null ? null : Math.max(this.known.startAt, now - millis(BROADCAST_DELAY_MS));
  }

  /** Moved by hand: what it was running to is not waited for any more. */
  #move(change: () => void): void {
    this.#search = null;
    this.#playhead.stopAt = null;
    change();
    this.#follow();
    this.take();
  }

  /** What the page shows of the playhead, as the playhead has it. */
  #follow(): void {
    const { mode, speed } = this.#playhead;
    this.mode = mode;
    this.speed = speed;
    if (mode === 'held') this.#search = null;
    this.waitingFor = this.#search?.until ?? null;
  }

  /** A picture for the panels, now. */
  protected take(at: number = this.#now()): void {
    this.#lookedAt = at;
    const { t } = this.#playhead;
    for (const side of this.sides) side.take(t, this.mode === 'held');
    const { startAt, endAt } = this.known;
    const { gaps } = this.log;
    const { edge, kept } = this;
    if (kept.startAt !== startAt || kept.endAt !== endAt || kept.edge !== edge)
      this.kept = { startAt, endAt, edge, gaps };
    const end = this.replay ? endAt : (this.#liveAt(at) ?? t) + millis(BROADCAST_DELAY_MS);
    this.behind = Math.max(0, end - t);
  }
}
