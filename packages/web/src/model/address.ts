// The page's view as an address: a copied link opens the same one. Bad values are as good as none, and no secret is ever among them.

import { type Selection, selectionKey } from './selection.ts';
import { FASTEST, SLOWEST } from './speed.ts';

export interface Address {
  theme?: 'dark' | 'light';
  lang?: 'en' | 'zh';
  speed?: number;
  select?: Selection;
  panel?: boolean;
  spaceTime?: boolean;
  /** The diagram's share of the height. */
  split?: number;
  presentation?: boolean;
  schematic?: boolean;
  beats?: boolean;
}

/** The bridge's own names; a link has its peer's. */
const PEER = /^(queue|(worker|client|guest)-[1-9]\d{0,5})$/;
const NUMBER = /^\d{1,15}$/;

export function readSelection(text: string | null): Selection | undefined {
  const [type, id = ''] = text?.split(':') ?? [];
  if (type === 'peer' && PEER.test(id)) return { type, peer: id };
  if (type === 'link' && PEER.test(id)) return { type, link: id };
  if (type === 'message' && NUMBER.test(id)) return { type, msg: Number(id) };
  if (type === 'event' && NUMBER.test(id)) return { type, seq: Number(id) };
  return undefined;
}

function readNumber(text: string | null, least: number, most: number): number | undefined {
  const value = text === null || text.trim() === '' ? Number.NaN : Number(text);
  return value >= least && value <= most ? value : undefined;
}

const readOneOf = <T extends string>(text: string | null, known: readonly T[]): T | undefined =>
  known.find((one) => one === text);

const readFlag = (text: string | null): boolean | undefined => (text === '1' ? true : text === '0' ? false : undefined);

export function readAddress(search: string): Address {
  const asked = new URLSearchParams(search);
  const read = {
    theme: readOneOf(asked.get('theme'), ['dark', 'light']),
    lang: readOneOf(asked.get('lang'), ['en', 'zh']),
    speed: readNumber(asked.get('speed'), SLOWEST, FASTEST),
    select: readSelection(asked.get('select')),
    panel: readFlag(asked.get('panel')),
    spaceTime: readFlag(asked.get('spacetime')),
    split: readNumber(asked.get('split'), 0.05, 0.95),
    presentation: readFlag(asked.get('clean')),
    schematic: readFlag(asked.get('schematic')),
    beats: readFlag(asked.get('beats')),
  };
  return Object.fromEntries(Object.entries(read).filter(([, value]) => value !== undefined));
}

/** The query, with its question mark; empty when everything is as usual. */
export function writeAddress(address: Address): string {
  const { theme, lang, speed, select, split } = address;
  const flag = (value: boolean | undefined) => (value === undefined ? undefined : value ? '1' : '0');
  const said: Record<string, string | undefined> = {
    theme,
    lang,
    speed: speed?.toPrecision(3).replace(/\.?0+$/, ''),
    select: select && selectionKey(select),
    panel: flag(address.panel),
    spacetime: flag(address.spaceTime),
    split: split?.toFixed(3),
    clean: flag(address.presentation),
    schematic: flag(address.schematic),
    beats: flag(address.beats),
  };
  const written = Object.entries(said).flatMap(([name, value]) => (value === undefined ? [] : [`${name}=${value}`]));
  return written.length === 0 ? '' : `?${written.join('&')}`;
}
