// What a person has picked, on the stage, in the log or in a list: the same thing everywhere.

export type Selection =
  | { readonly type: 'peer'; readonly peer: string }
  | { readonly type: 'message'; readonly msg: number }
  | { readonly type: 'link'; readonly link: string };

/** One text a selection: for comparing, and as a key in lists. */
export const selectionKey = (selection: Selection): string =>
  selection.type === 'peer'
    ? `peer:${selection.peer}`
    : selection.type === 'link'
      ? `link:${selection.link}`
      : `message:${selection.msg}`;

export const sameSelection = (a: Selection | null, b: Selection | null): boolean =>
  a === b || (a !== null && b !== null && selectionKey(a) === selectionKey(b));
