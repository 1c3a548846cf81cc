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
const PRESSED_BY_SPACE = 'button, summary, a[href], [role=tab], [role=menuitem], [role=option], [role=slider]';

/** `enabled`: single-key shortcuts can be switched off; Escape is no shortcut and stays. */
export function shortcutOf(event: KeyboardEvent, enabled: boolean): Shortcut | undefined {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return undefined;
  if (event.key === 'Escape') return 'escape';
  const shortcut = KEYS[event.key.toLowerCase()];
  if (!enabled || !shortcut || (event.repeat && shortcut !== 'escape')) return undefined;
  const target = event.target instanceof Element ? event.target : null;
  if (target?.closest(TYPED_IN) && !isToggle(target)) return undefined;
  if (event.key === ' ' && target?.closest(`${PRESSED_BY_SPACE}, input`)) return undefined;
  return shortcut;
}

/** Nothing is typed into a checkbox or a slider. */
const isToggle = (target: Element): boolean =>
  target instanceof HTMLInputElement && ['checkbox', 'radio', 'range', 'button', 'submit'].includes(target.type);
