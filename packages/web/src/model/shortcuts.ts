// Which key does what. A key that somebody types into a field, or that means something to a focused control, is theirs.

export type Shortcut = 'hold' | 'live' | 'heal' | 'beats' | 'theme' | 'panel' | 'help' | 'escape';

const KEYS: Record<string, Shortcut> = {
  ' ': 'hold',
  l: 'live',
  h: 'heal',
  b: 'beats',
  d: 'theme',
  i: 'panel',
  '?': 'help',
};

const TYPED_IN = 'input, select, textarea, [contenteditable]';
const NOT_TYPED_IN = 'input:is([type=checkbox], [type=radio], [type=range], [type=button], [type=submit])';
const PRESSED_BY_SPACE = 'button, summary, a[href], input, [role=tab], [role=menuitem]';
/** On the stage Enter selects, and Space is the picture's own key. */
const LEAVES_SPACE = '[data-space=page]';
/** With these one moves by keyboard: from then on what has the focus is meant. */
const MOVES = new Set(['Tab', 'Enter', 'ArrowUp', 'ArrowDown', 'ArrowLeft', 'ArrowRight', 'Home', 'End']);

export class Shortcuts {
  /** A button that was clicked keeps the focus; Space afterwards must not press it again, which could kill twice. */
  #byPointer = false;
  #tookSpace = false;

  pointed(): void {
    this.#byPointer = true;
  }

  /** `enabled`: single-key shortcuts can be switched off; Escape is no shortcut and stays. */
  pressed(event: KeyboardEvent, enabled: boolean): Shortcut | undefined {
    if (MOVES.has(event.key)) this.#byPointer = false;
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return undefined;
    if (event.key === 'Escape') return 'escape';
    const shortcut = KEYS[event.key.toLowerCase()];
    if (!enabled || !shortcut || event.repeat) return undefined;
    const target = event.target instanceof Element ? event.target : null;
    if (target?.closest(TYPED_IN) && !target.matches(NOT_TYPED_IN)) return undefined;
    if (event.key === ' ' && target?.closest(PRESSED_BY_SPACE) && !this.#isFree(target)) return undefined;
    this.#tookSpace = event.key === ' ';
    return shortcut;
  }

  /** A button acts when Space is let go: not when the press of it was taken. */
  released(event: KeyboardEvent): void {
    if (event.key !== ' ') return;
    if (this.#tookSpace) event.preventDefault();
    this.#tookSpace = false;
  }

  #isFree(target: Element): boolean {
    return target.closest(LEAVES_SPACE) !== null || (this.#byPointer && !target.matches('input'));
  }
}
