// Text from a wire made safe to show: nothing invisible, nothing that turns the line around, never longer than asked [S9].

/** Controls, bidirectional marks, zero-width, unassigned and blank characters, and marks that pile onto their neighbour. */
const HIDDEN =
  /\p{Cc}|\p{Cf}|\p{Cs}|\p{Co}|\p{Cn}|\p{Zl}|\p{Zp}|\p{M}|\u00a0|\u115f|\u1160|\u3164|\uffa0|[\u2000-\u200a]|\u202f|\u205f/u;

/** Most names: shown as they are without a look at each character. */
const PLAIN = /^[\x20-\x7e]*$/;

function escapeOf(character: string): string {
  const code = (character.codePointAt(0) ?? 0).toString(16).toUpperCase();
  return code.length <= 2 ? `\\x${code.padStart(2, '0')}` : `\\u{${code}}`;
}

/**
 * `latin1` as text that can be looked at: what is invisible is escaped, and at most `cap` characters come back,
 * the last of them an ellipsis when there was more. An escape is never cut in two.
 */
export function visibleText(latin1: string, cap: number): string {
  if (latin1.length <= cap && PLAIN.test(latin1)) return latin1;
  let shown = '';
  /** The longest beginning after which an ellipsis still fits. */
  let fits = '';
  for (const character of latin1) {
    const piece = HIDDEN.test(character) ? escapeOf(character) : character;
    if (shown.length + piece.length > cap) return cap > 0 ? `${fits}…` : '';
    shown += piece;
    if (shown.length < cap) fits = shown;
  }
  return shown;
}

/** A routing identity: as text when all of it prints, else its bytes in hexadecimal, capped likewise. */
export function identityText(identity: string, cap: number): string {
  if (PLAIN.test(identity)) return visibleText(identity, cap);
  const bytes: string[] = [];
  for (let i = 0; i < identity.length && i <= cap; i++)
    bytes.push(identity.charCodeAt(i).toString(16).padStart(2, '0'));
  return visibleText(bytes.join(' '), cap);
}
