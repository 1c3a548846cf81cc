// How this person wants the page: kept in this browser, and named in the address for a link or a recording.

import { type Address, readAddress } from '../model/address.ts';
import { SHARE } from '../model/split.ts';
import type { ThemeName } from '../theme.ts';
import { dictionary, fetchWords, isHere } from '../words/dictionary.ts';
import type { Locale } from '../words/words.ts';

const KEY = 'crows-nest.settings';

interface Kept {
  theme?: ThemeName;
  locale?: Locale;
  shortcuts?: boolean;
  panelOpen?: boolean;
  spaceTimeOpen?: boolean;
  split?: number;
  showBeats?: boolean;
  schematic?: boolean;
  introSeen?: boolean;
}

const isTheme = (value: unknown): value is ThemeName => value === 'dark' || value === 'light';
const isLocale = (value: unknown): value is Locale => value === 'en' || value === 'zh';
const isShare = (value: unknown): value is number => typeof value === 'number' && value > 0 && value < 1;
const isFlag = (value: unknown): value is boolean => typeof value === 'boolean';

/** What an earlier visit left, whatever it is: a value of the wrong type is as good as none. */
function readKept(storage: Storage): Kept {
  try {
    const value: unknown = JSON.parse(storage.getItem(KEY) ?? '{}');
    return typeof value === 'object' && value !== null ? value : {};
  } catch {
    return {};
  }
}

export class Settings {
  theme = $state<ThemeName>('dark');
  locale = $state<Locale>('en');
  /** Single-key shortcuts can be switched off (WCAG 2.1.4). */
  shortcuts = $state(true);
  panelOpen = $state(true);
  spaceTimeOpen = $state(true);
  /** The space-time diagram's share of the height that it has with the stage. */
  split = $state(SHARE);
  showBeats = $state(true);
  /** Each hop is stretched to what an eye can follow, and the page says so; else it is to scale. */
  schematic = $state(false);
  /** The clean stage, for a room. Never kept: nobody should open the page and find no controls. */
  presentation = $state(false);
  introSeen = $state(false);
  reducedMotion = $state(false);
  readonly words = $derived(dictionary(this.locale));
  /** What the address asked for when the page was opened. */
  readonly asked: Address;
  /** What holds for somebody who has chosen nothing, in this browser and window. */
  readonly usual: { readonly theme: ThemeName; readonly locale: Locale; readonly panelOpen: boolean };
  readonly #storage: Storage;
  #wanted: Locale;

  constructor(view: Window, storage: Storage) {
    this.#storage = storage;
    const kept = readKept(storage);
    const asked = readAddress(view.location.search);
    this.asked = asked;
    this.usual = {
      theme: view.matchMedia('(prefers-color-scheme: light)').matches ? 'light' : 'dark',
      locale: view.navigator.language.toLowerCase().startsWith('zh') ? 'zh' : 'en',
      panelOpen: !view.matchMedia('(max-width: 1279px)').matches,
    };
    this.theme = [asked.theme, kept.theme].find(isTheme) ?? this.usual.theme;
    this.locale = [asked.lang, kept.locale].find(isLocale) ?? this.usual.locale;
    this.#wanted = this.locale;
    this.shortcuts = [kept.shortcuts].find(isFlag) ?? true;
    // Over a narrow page it would cover the stage: there it opens only when asked for.
    this.panelOpen = asked.panel ?? (this.usual.panelOpen && ([kept.panelOpen].find(isFlag) ?? true));
    this.spaceTimeOpen = [asked.spaceTime, kept.spaceTimeOpen].find(isFlag) ?? true;
    this.split = [asked.split, kept.split].find(isShare) ?? SHARE;
    this.showBeats = [asked.beats, kept.showBeats].find(isFlag) ?? true;
    this.schematic = [asked.schematic, kept.schematic].find(isFlag) ?? false;
    this.presentation = asked.presentation ?? false;
    this.introSeen = [kept.introSeen].find(isFlag) ?? false;
    const motion = view.matchMedia('(prefers-reduced-motion: reduce)');
    this.reducedMotion = motion.matches;
    motion.addEventListener('change', () => {
      this.reducedMotion = motion.matches;
    });
  }

  toggleTheme(): void {
    this.theme = this.theme === 'dark' ? 'light' : 'dark';
    this.#keep({ theme: this.theme });
  }

  /** As soon as its words are here; the last one asked for is meant. */
  setLocale(locale: Locale): void {
    this.#keep({ locale });
    this.#wanted = locale;
    if (isHere(locale)) this.locale = locale;
    else void this.#fetch(locale);
  }

  async #fetch(locale: Locale): Promise<void> {
    if ((await fetchWords(locale)) && this.#wanted === locale) this.locale = locale;
  }

  setShortcuts(shortcuts: boolean): void {
    this.shortcuts = shortcuts;
    this.#keep({ shortcuts });
  }

  setPanelOpen(panelOpen: boolean): void {
    this.panelOpen = panelOpen;
    if (this.usual.panelOpen) this.#keep({ panelOpen });
  }

  setSpaceTimeOpen(spaceTimeOpen: boolean): void {
    this.spaceTimeOpen = spaceTimeOpen;
    this.#keep({ spaceTimeOpen });
  }

  setSplit(split: number): void {
    this.split = split;
    this.#keep({ split });
  }

  setShowBeats(showBeats: boolean): void {
    this.showBeats = showBeats;
    this.#keep({ showBeats });
  }

  setSchematic(schematic: boolean): void {
    this.schematic = schematic;
    this.#keep({ schematic });
  }

  closeIntro(): void {
    this.introSeen = true;
    this.#keep({ introSeen: true });
  }

  /** Only what was chosen is kept, so that the system's own preference goes on to hold for the rest. */
  #keep(chosen: Kept): void {
    try {
      this.#storage.setItem(KEY, JSON.stringify({ ...readKept(this.#storage), ...chosen }));
    } catch {
      // Storage that is full or forbidden costs only the memory of the choice.
    }
  }
}
