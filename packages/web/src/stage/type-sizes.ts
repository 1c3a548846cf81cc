// The sizes of all type on the stage, in pixels: for a desk, and for a room, where nothing is under 17.

export interface TypeSizes {
  name: number;
  state: number;
  note: number;
  /** Third lines: how long ago, identities. */
  small: number;
  /** Names in cells of a crowd. */
  cell: number;
  title: number;
  section: number;
  row: number;
  rowNote: number;
  list: number;
  chip: number;
  door: number;
  caption: number;
  legend: number;
  client: number;
}

const DESK: TypeSizes = {
  name: 14.5,
  state: 12.5,
  note: 12,
  small: 11.5,
  cell: 11.5,
  title: 16,
  section: 10.5,
  row: 14.5,
  rowNote: 12,
  list: 13.5,
  chip: 12.5,
  door: 12,
  caption: 12,
  legend: 12,
  client: 14.5,
};

const ROOM: TypeSizes = {
  name: 32,
  state: 26,
  note: 20,
  small: 17.5,
  cell: 17,
  title: 25,
  section: 17.5,
  row: 21.9,
  rowNote: 17.5,
  list: 21.9,
  chip: 20,
  door: 20,
  caption: 21,
  legend: 17.5,
  client: 24,
};

const LEAST_IN_ROOM_PX = 17;

const MEMO = new Map<string, TypeSizes>();

/** In a room the sizes go with the stage, down to what is still read from the last row; a crowd gets less than a few. */
export function typeSizes(presentation: boolean, factor: number, crowded: boolean): TypeSizes {
  if (!presentation) return DESK;
  const key = `${factor} ${crowded}`;
  const known = MEMO.get(key);
  if (known) return known;
  const k = factor * (crowded ? 0.72 : 1);
  const sized = (size: number): number => Math.max(LEAST_IN_ROOM_PX, Math.round(size * k * 2) / 2);
  const made = { ...ROOM };
  for (const name of Object.keys(ROOM) as (keyof TypeSizes)[]) made[name] = sized(ROOM[name]);
  made.title = Math.max(made.title, LEAST_IN_ROOM_PX * 1.25);
  if (MEMO.size > 16) MEMO.clear();
  MEMO.set(key, made);
  return made;
}
