// Text from a wire made safe to show: nothing invisible, nothing that turns the line around, never longer than asked [S9].

/** Controls, bidirectional marks, zero-width and other characters that leave no mark or move their neighbours. */
const HIDDEN =
  /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}\u00a0\u115f\u1160\u3164\uffa0\ufe00-\ufe0f]|\u034f|\p{M}{3,}/u;

function escape(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  return code < 256
    ? `\\x${code.toString(16).toUpperCase().padStart(2, '0')}`
    : `\\u{${code.toString(16).toUpperCase()}}`;
}

/**
 * `latin1` as text that can be looked at: what is invisible is escaped, and at most `cap` characters come back,
 * the last of them an ellipsis when there was more. An escape is never cut in two.
 */
export function visibleText(latin1: string, cap: number): string {
  let shown = '';
  let length = 0;
  /** Where to cut so that an ellipsis still fits. */
  let fits = '';
  for (const character of latin1) {
    const piece = HIDDEN.test(character) ? escape(character) : character;
    if (length + piece.length > cap) return cap > 0 ? `${fits}…` : '';
    shown += piece;
    length += piece.length;
    if (length <= cap - 1) fits = shown;
  }
  return shown;
}

/** A routing identity: as text when all of it prints, else as its bytes in hexadecimal, capped likewise. */
export function identityText(identity: string, cap: number): string {
  if (/^[\x20-\x7e]+$/.test(identity)) return visibleText(identity, cap);
  let hex = '';
  for (let i = 0; i < identity.length && hex.length <= cap * 2; i++) {
    hex += (i === 0 ? '' : ' ') + identity.charCodeAt(i).toString(16).padStart(2, '0');
  }
  return visibleText(hex, cap);
}
