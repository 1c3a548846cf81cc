// What a picture of the diagram depends on besides the log and the playhead.

import type { Direction, EventOf, FaultKind, Micros, PassingKind } from '@crows-nest/protocol';
import type { Selection } from '../model/selection.ts';
import type { ThemeName } from '../theme.ts';
import type { LaneTruth } from './code.ts';
import type { NoteKind } from './noted.ts';

export interface DiagramView {
  readonly width: number;
  readonly height: number;
  readonly dpr: number;
  /** How much larger than usual text is. */
  readonly textScale: number;
  readonly themeName: ThemeName;
  readonly words: DiagramWords;
  /** A peer's name in the language of the page. */
  readonly nameOf: (name: string) => string;
  readonly showBeats: boolean;
  readonly selection: Selection | null;
  readonly hover: Selection | null;
  /** The length of time between the names and the playhead's usual place, when nothing is left out. */
  readonly spanUs: Micros;
  /** The time at the playhead's usual place. null: the playhead's. */
  readonly anchorAt: Micros | null;
  /** Whether what is known of times after the playhead is drawn, faintly. Live it is not: it has not been shown yet. */
  readonly later: boolean;
}

/** The words the picture is made with; the dictionaries have them in each language. */
export interface DiagramWords {
  micros: (n: string) => string;
  millis: (n: string) => string;
  seconds: (n: string) => string;
  minutes: (n: string) => string;
  listed: string;
  runs: string;
  now: string;
  requests: string;
  replies: string;
  lanes: (n: number) => string;
  idle: (length: string, beats: number) => string;
  parted: (length: string) => string;
  backOff: (length: string) => string;
  truth: Readonly<Record<LaneTruth, string>>;
  note: Readonly<Record<Exclude<NoteKind, 'faultApplied' | 'faultStruck'>, (detail: string) => string>>;
  fault: Readonly<Record<FaultKind | 'jammed' | 'refused', (what: string) => string>>;
  struck: Readonly<Record<EventOf<'fault.struck'>['kind'], string>>;
  everything: string;
  kind: Readonly<Record<PassingKind, string>>;
  direction: Readonly<Record<Direction, string>>;
  missed: (beats: number, length: string) => string;
  summary: (lanes: number, length: string, requests: number, replies: number, losses: number, parted: string) => string;
}
