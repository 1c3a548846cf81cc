// Which key means which command. A key that somebody types into a field, or that means something to a focused control, is theirs.

import { type CommandId, commandOfKey } from './commands.ts';

export interface Shortcut {
  readonly id: CommandId;
  /** Of the keys 0 to 9. */
  readonly digit: number;
}

const TYPED_IN = 'input, select, textarea, [contenteditable]';
const NOT_TYPED_IN = 'input:is([type=checkbox], [type=radio], [type=range], [type=button], [type=submit])';
const PRESSED_BY_SPACE = 'button, summary, a[href], input, [role=tab], [role=menuitem]';
/** On the stage Enter selects, and Space is the picture's own key. */
const LEAVES_SPACE = '[data-space=page]';
/** Whatever is moved through with arrows or pages keeps them: lists, sliders, tabs, and what can be scrolled. */
const MOVED_THROUGH =
  'input, select, dialog, hr, [role=slider], [role=tablist], [role=listbox], [role=menu], [role=toolbar]';
const SCROLLED = '[role=tabpanel], [data-scrolls]';
const ARROWS = new Set(['ArrowUp', 'ArrowDown', 'ArrowLeft', 'ArrowRight']);
const PAGES = new Set(['PageUp', 'PageDown']);
/** With these one moves by keyboard: from then on what has the focus is meant. */
const MOVES = new Set(['Tab', 'Enter', 'Home', 'End', ...ARROWS]);

/** The key as the list of commands writes it. */
function nameOf({ key, shiftKey }: KeyboardEvent): string {
  if (key.length === 1) return key.toLowerCase();
  return shiftKey ? `Shift+${key}` : key;
}

export class Shortcuts {
  /** A button that was clicked keeps the focus; Space afterwards must not press it again, which could kill twice. */
  #byPointer = false;
  #tookSpace = false;

  pointed(): void {
    this.#byPointer = true;
  }

  /** `enabled`: single-key shortcuts can be switched off; Escape and the palette's key are none and stay. */
  pressed(event: KeyboardEvent, enabled: boolean): Shortcut | undefined {
    if (MOVES.has(event.key)) this.#byPointer = false;
    if (event.defaultPrevented || event.altKey || event.isComposing) return undefined;
    const modified = event.ctrlKey || event.metaKey;
    const name = modified ? `Ctrl+${event.key.toLowerCase()}` : nameOf(event);
    const command = commandOfKey(name);
    if (!command || (event.repeat && !command.repeats)) return undefined;
    const shortcut = { id: command.id, digit: command.id === 'jump' ? Number(event.key) : 0 };
    if (command.always) return shortcut;
    if (!enabled || modified || this.#isTheirs(event)) return undefined;
    this.#tookSpace = event.key === ' ';
    return shortcut;
  }

  /** A button acts when Space is let go: not when the press of it was taken. */
  released(event: KeyboardEvent): void {
    if (event.key !== ' ') return;
    if (this.#tookSpace) event.preventDefault();
    this.#tookSpace = false;
  }

  #isTheirs(event: KeyboardEvent): boolean {
    const target = event.target instanceof Element ? event.target : null;
    if (!target) return false;
    const { key } = event;
    if (target.closest(TYPED_IN) && !target.matches(NOT_TYPED_IN)) return true;
    if (ARROWS.has(key) || PAGES.has(key)) {
      if (target.closest(MOVED_THROUGH)) return true;
      if (PAGES.has(key) && target.closest(SCROLLED)) return true;
    }
    return key === ' ' && target.closest(PRESSED_BY_SPACE) !== null && !this.#isFree(target);
  }

  #isFree(target: Element): boolean {
    return target.closest(LEAVES_SPACE) !== null || (this.#byPointer && !target.matches('input'));
  }
}
