// What a person has picked, on the stage, in the diagram, in the log or in a list: the same thing everywhere.

export type Selection =
  | { readonly type: 'peer'; readonly peer: string }
  | { readonly type: 'message'; readonly msg: number }
  | { readonly type: 'link'; readonly link: string }
  /** One fact of the trace: a state change whose cause is asked for. */
  | { readonly type: 'event'; readonly seq: number };

/** One text a selection: for comparing, and as a key in lists. */
export function selectionKey(selection: Selection): string {
  switch (selection.type) {
    case 'peer':
      return `peer:${selection.peer}`;
    case 'link':
      return `link:${selection.link}`;
    case 'message':
      return `message:${selection.msg}`;
    case 'event':
      return `event:${selection.seq}`;
  }
}

export const sameSelection = (a: Selection | null, b: Selection | null): boolean =>
  a === b || (a !== null && b !== null && selectionKey(a) === selectionKey(b));
