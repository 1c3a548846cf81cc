// What fits beside what, and what is open over the page. Widths are counted in the text's own size: with larger text less fits.

export type Sheet = 'help' | 'palette' | 'goTo';
/** Where only one of them fits. */
export type Front = 'stage' | 'spaceTime';

const DRAWER_REM = 80;
const TABBED_REM = 47.5;

export class Layout {
  widthPx = $state(0);
  /** One rem, as it really is. */
  remPx = $state(16);
  sheet = $state<Sheet | null>(null);
  front = $state<Front>('stage');

  readonly #rem: number = $derived(this.widthPx === 0 ? DRAWER_REM : this.widthPx / Math.max(1, this.remPx));
  /** The side panel lies over the stage. */
  readonly drawer: boolean = $derived(this.#rem < DRAWER_REM);
  /** The space-time diagram is behind a tab. */
  readonly tabbed: boolean = $derived(this.#rem < TABBED_REM);
}
