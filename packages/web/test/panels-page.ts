// A page on a source that a test feeds by hand.

import type { AudienceRole, CommandRequest, SideName, TraceEvent } from '@crows-nest/protocol';
import { emptyState } from '@crows-nest/protocol';
import { Page } from '../src/panels/page.svelte.ts';
import { Settings } from '../src/panels/settings.svelte.ts';
import type { Answer, Sink, Source } from '../src/source/source.ts';
import { bringWords } from '../src/words/dictionary.ts';
import { zh } from '../src/words/zh.ts';

// Fetched by the page when it is wanted; a test has it.
bringWords('zh', zh);

export class FedSource implements Source {
  readonly kind = 'live';
  readonly commands: CommandRequest[] = [];
  /** On which side each was given. */
  readonly sides: SideName[] = [];
  answer: Answer = { ok: true };
  open(sink: Sink): void {
    sink.phase({ phase: 'open' });
  }
  close(): void {}
  command(request: CommandRequest, side: SideName): Promise<Answer> {
    this.commands.push(request);
    this.sides.push(side);
    return Promise.resolve(this.answer);
  }
}

const peer = (seq: number, id: string, role: 'queue' | 'worker' | 'client', pid: number): TraceEvent[] => [
  { seq, t: 0, type: 'peer.joined', peer: id, role, guest: false, name: id.replace('-', ' '), everyMs: 500 },
  { seq: seq + 1, t: 0, type: 'process.started', peer: id, pid },
];

/** A queue, a worker and a client, and whatever a test adds. */
export const troupe: readonly TraceEvent[] = [
  ...peer(0, 'queue', 'queue', 11),
  ...peer(2, 'worker-1', 'worker', 12),
  ...peer(4, 'client-1', 'client', 13),
];

export const message = (seq: number, t: number, msg: number, more: object = {}): TraceEvent =>
  ({
    ...{ seq, t, type: 'message.entered', link: 'worker-1', conn: 1, msg, direction: 'fromQueue', kind: 'REQUEST' },
    ...{ frames: ['client 1', '', 'work'], sizes: [8, 0, 4], frameCount: 3, dueAt: t + 250_000, n: msg, ...more },
  }) as TraceEvent;

/** At playhead 2 s of a trace that has these facts in its first seconds. */
export function fedPage(role: AudienceRole, more: readonly TraceEvent[] = []) {
  window.localStorage.clear();
  window.history.replaceState(null, '', '/?lang=en&theme=dark');
  const source = new FedSource();
  let now = 0;
  const page = new Page(source, new Settings(window, window.localStorage), () => now);
  page.settings.panelOpen = true;
  page.open();
  page.role(role);
  page.snapshot({ a: { state: emptyState(), now: 0 } });
  page.frame(0);
  /** The page's clock at `at` milliseconds, the trace complete up to `upTo`. */
  const tick = (at: number, upTo: number, events: readonly TraceEvent[] = []) => {
    now = at;
    page.batch(events, upTo, 0);
    page.frame(at);
  };
  tick(2400, 2_400_000, [...troupe, ...more]);
  page.goLive();
  return { page, source, tick };
}
