// What the page knows and looks at: what is on and one playhead over it, one selection, shared by the stage and every panel; what
// a source puts in, and what a person asks for.

import type { AudienceRole, CommandRequest, Micros, SideName, Snapshots, TraceEvent } from '@crows-nest/protocol';
import { type Selection, sameSelection } from '../model/selection.ts';
import type { Connection, Sink, Source } from '../source/source.ts';
import { WORDS } from '../stage/words.ts';
import { visibleText } from '../visible-text.ts';
import type { Refusing } from '../words/refusals.ts';
import type { ConformanceView } from './conformance/conformance-view.svelte.ts';
import type { FiguresView } from './figures/figures-view.svelte.ts';
import { Playback } from './playback/playback.svelte.ts';
import { Side } from './playback/side.svelte.ts';
import type { Settings } from './settings.svelte.ts';

export type { Kept } from './playback/playback.svelte.ts';
export type { Look } from './playback/side.svelte.ts';

export type PanelTab = 'inspector' | 'wire' | 'figures' | 'faults' | 'controls' | 'compare';

/** Of a file's name, and of the numbers of its bad lines: what fits a line. */
const NAME_CHARS = 60;
const BAD_NAMED = 5;
/** Of a refusal, whose reason may come from a wire. */
const REFUSAL_CHARS = 200;

const fetchRefusals = () => import('../words/refusals.ts').catch(() => null);

export class Page extends Playback implements Sink {
  connection = $state.raw<Connection>({ phase: 'connecting' });
  audience = $state.raw<AudienceRole | null>(null);
  /** On the side that is shown. */
  selection = $state.raw<Selection | null>(null);
  #pointed = $state.raw<{ readonly selection: Selection; readonly side: SideName } | null>(null);
  /** Peers that the caption names now. */
  named = $state.raw<readonly string[]>([]);
  tab = $state<PanelTab>('inspector');
  /** Things in the stream that were not facts. */
  malformed = $state(0);

  readonly unbalanced: boolean = $derived(this.sides.some((side) => side.unbalanced));

  /** Where the live run is recorded, a file for each side, as far as this page may know. */
  recordings = $state.raw<readonly string[]>([]);
  /** The name of the recording that is looked at instead of the live run. */
  opened = $state<string | null>(null);

  readonly #live: Source;
  #source: Source;

  constructor(source: Source, settings: Settings, now: () => number = () => performance.now()) {
    super(settings, now);
    this.#live = source;
    this.#source = source;
    this.selection = settings.asked.select ?? null;
  }

  get presenter(): boolean {
    return this.audience === 'presenter';
  }

  get figures(): FiguresView {
    return this.side.figures;
  }

  get conformance(): ConformanceView {
    return this.side.conformance;
  }

  open(): void {
    this.#source.open(this);
  }

  /** A recording in place of the live run, which goes on without this page; or two, side by side. */
  async openRecordings([a, b]: readonly File[]): Promise<void> {
    if (!a) return;
    const { RecordedSource } = await import('../source/recorded.ts');
    const source = new RecordedSource(a, b);
    this.#change(source, [a, b].flatMap((file) => (file ? visibleText(file.name, NAME_CHARS) : [])).join(' | '));
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

  role(role: AudienceRole, recordings: readonly string[] = []): void {
    this.audience = role;
    if (!this.replay) this.recordings = recordings;
    // Before they are needed: once the bridge is gone, they could not be fetched to say so.
    if (role === 'presenter') void fetchRefusals();
  }

  snapshot({ a, b }: Snapshots): void {
    const { generation, size } = this.a.log;
    this.a.log.reset(a);
    if (b) {
      const compared = this.b ?? new Side('b');
      compared.log.reset(b);
      if (!this.b) {
        this.tab = 'compare';
        for (const side of [this.a, compared]) void side.account.follow(side.log);
      }
      this.b = compared;
    } else if (this.b) {
      this.show('a');
      this.b = null;
      if (this.tab === 'compare') this.tab = 'inspector';
    }
    // Numbers of another run mean others in this one; whom the address asked for is still to come.
    const anew = generation !== this.a.log.generation && size > 0;
    if (anew && this.selection && !('peer' in this.selection || 'link' in this.selection)) this.selection = null;
    this.hear(a.now, { anew: true });
  }

  batch(events: readonly TraceEvent[], now: Micros, malformed: number, side: SideName = 'a'): void {
    (side === 'b' ? this.b : this.a)?.log.append(events, now);
    // One clock, and side A tells it.
    if (now > 0 && side === 'a') this.hear(now);
    if (malformed > 0) this.malformed += malformed;
  }

  /** The panels are about this side from now on; what was selected on the other is not here. */
  show(side: SideName): void {
    if (side === this.shown) return;
    this.shown = side;
    this.selection = null;
    this.searchAnew();
    this.take();
  }

  /** What the pointer or the focus is on, in any view, on this side; a peer is of the same name on both, a message is of one. */
  hoverOn(side: SideName): Selection | null {
    const { selection, side: where } = this.#pointed ?? { selection: null, side };
    return where === side || selection?.type === 'peer' || selection?.type === 'link' ? selection : null;
  }

  point(selection: Selection | null, side: SideName = this.shown): void {
    const before = this.#pointed;
    if (before?.side === side ? sameSelection(before.selection, selection) : !before && !selection) return;
    this.#pointed = selection && { selection, side };
  }

  select(selection: Selection | null): void {
    this.selection = selection;
    // In the log it is seen as well; among the controls it would not be.
    if (selection && (this.tab === 'controls' || this.tab === 'compare')) this.tab = 'inspector';
    this.take();
  }

  /** A refusal is said where it is seen and heard; the promise is for a form that waits for its answer. */
  async command(request: CommandRequest): Promise<boolean> {
    const answer = await this.#source.command(request, this.shown);
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
