// What the page knows and looks at: one log with one playhead over it, one selection, shared by the stage and every panel; what
// a source puts in, and what a person asks for.

import type { AudienceRole, CommandRequest, Micros, Snapshot, TraceEvent } from '@crows-nest/protocol';
import { ledgerBalances } from '@crows-nest/protocol';
import type { Selection } from '../model/selection.ts';
import type { Connection, Sink, Source } from '../source/source.ts';
import { WORDS } from '../stage/words.ts';
import { visibleText } from '../visible-text.ts';
import type { Refusing } from '../words/refusals.ts';
import { ConformanceView } from './conformance/conformance-view.svelte.ts';
import { FiguresView } from './figures/figures-view.svelte.ts';
import { Playback } from './playback/playback.svelte.ts';
import type { Settings } from './settings.svelte.ts';

export type { Kept, Look } from './playback/playback.svelte.ts';

export type PanelTab = 'inspector' | 'wire' | 'figures' | 'faults' | 'controls';

/** Of a file's name, and of the numbers of its bad lines: what fits a line. */
const NAME_CHARS = 60;
const BAD_NAMED = 5;
/** Of a refusal, whose reason may come from a wire. */
const REFUSAL_CHARS = 200;

const fetchRefusals = () => import('../words/refusals.ts').catch(() => null);

export class Page extends Playback implements Sink {
  readonly figures = new FiguresView();
  readonly conformance = new ConformanceView();

  connection = $state.raw<Connection>({ phase: 'connecting' });
  audience = $state.raw<AudienceRole | null>(null);
  selection = $state.raw<Selection | null>(null);
  /** What the pointer or the focus is on, in any view. */
  hover = $state.raw<Selection | null>(null);
  /** Peers that the caption names now. */
  named = $state.raw<readonly string[]>([]);
  tab = $state<PanelTab>('inspector');
  /** Things in the stream that were not facts. */
  malformed = $state(0);

  /** The ledger must always add up [T4]; when it does not, that is said. */
  readonly unbalanced = $derived(!ledgerBalances(this.look.state));

  /** Where the live run is recorded, as far as this page may know. */
  recording = $state<string | null>(null);
  /** The name of the recording that is looked at instead of the live run. */
  opened = $state<string | null>(null);

  readonly #live: Source;
  #source: Source;

  constructor(source: Source, settings: Settings, now: () => number = () => performance.now()) {
    super(settings, now);
    this.#live = source;
    this.#source = source;
    void this.figures.follow(this.log);
    void this.conformance.follow(this.log);
    this.selection = settings.asked.select ?? null;
  }

  get presenter(): boolean {
    return this.audience === 'presenter';
  }

  open(): void {
    this.#source.open(this);
  }

  /** A recording in place of the live run, which goes on without this page. */
  async openRecording(file: File): Promise<void> {
    const { RecordedSource } = await import('../source/recorded.ts');
    const source = new RecordedSource(file);
    this.#change(source, visibleText(file.name, NAME_CHARS));
    const { events, bad, failed } = await source.done;
    const words = this.settings.words.comfort.recording;
    const lines = bad.slice(0, BAD_NAMED).map(({ line }) => String(line));
    if (failed !== undefined) this.notices.say(words.failed(failed), 'refused');
    else if (events === 0) this.notices.say(words.none, 'refused');
    else if (bad.length > 0) this.notices.say(words.bad(bad.length, lines.join(', ')), 'refused');
  }

  /** Back to the live run. */
  closeRecording(): void {
    if (this.opened !== null) this.#change(this.#live, null);
  }

  #change(source: Source, opened: string | null): void {
    this.#source.close();
    this.#source = source;
    this.opened = opened;
    this.replay = opened !== null;
    this.malformed = 0;
    this.select(null);
    // A recording of this very run leaves a log behind that the live one goes on from.
    if (!this.replay) this.goLive();
    source.open(this);
  }

  close(): void {
    this.#source.close();
  }

  // What a source puts in.

  phase(connection: Connection): void {
    this.connection = connection;
  }

  role(role: AudienceRole, recording?: string): void {
    this.audience = role;
    if (!this.replay) this.recording = recording ?? null;
    // Before they are needed: once the bridge is gone, they could not be fetched to say so.
    if (role === 'presenter') void fetchRefusals();
  }

  snapshot(snapshot: Snapshot): void {
    this.log.reset(snapshot);
    this.hear(snapshot.now, { anew: true });
  }

  batch(events: readonly TraceEvent[], now: Micros, malformed: number): void {
    this.log.append(events, now);
    if (now > 0) this.hear(now);
    if (malformed > 0) this.malformed += malformed;
  }

  select(selection: Selection | null): void {
    this.selection = selection;
    // In the log it is seen as well; among the controls it would not be.
    if (selection && this.tab === 'controls') this.tab = 'inspector';
    this.take();
  }

  /** A refusal is said where it is seen and heard; the promise is for a form that waits for its answer. */
  async command(request: CommandRequest): Promise<boolean> {
    const answer = await this.#source.command(request);
    if (!answer.ok) this.notices.say(await this.#refusal(answer), 'refused');
    return answer.ok;
  }

  async #refusal(refusing: Refusing): Promise<string> {
    const said = await fetchRefusals();
    const { locale, words } = this.settings;
    const text = said?.refusalWords(refusing, (peer) => this.nameOf(peer), locale) ?? refusing.message;
    return words.refusal(visibleText(text, REFUSAL_CHARS));
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
}
