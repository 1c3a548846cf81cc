// What the menu of a thing on the stage offers: of a peer its process, of a link its faults, of a message what can befall it now.

import type { CommandRequest, LinkFaultKind, PeerState } from '@crows-nest/protocol';
import { type ActionName, peerActions } from '../../model/actions.ts';
import { LASTING, needsReading, OFFERS, ONCE, onceCommand, stepFor } from '../../model/fault-offers.ts';
import type { Selection } from '../../model/selection.ts';
import { visibleText } from '../../visible-text.ts';
import { faultWords } from '../../words/faults.ts';
import type { Page } from '../page.svelte.ts';
import { asks } from './fault-text.ts';

export type Choice =
  | { readonly command: CommandRequest }
  /** Opens the form of this fault. */
  | { readonly form: LinkFaultKind }
  /** Goes on to another thing's menu. */
  | { readonly subject: Selection }
  | { readonly run: () => void };

export interface Item {
  readonly key: string;
  readonly label: string;
  /** Why it cannot be done now. null: it can. */
  readonly obstacle: string | null;
  readonly harm?: boolean;
  readonly choice: Choice;
}

export interface Group {
  readonly title: string;
  readonly items: readonly Item[];
}

export interface Menu {
  readonly name: string;
  readonly title: string;
  readonly note: string | null;
  readonly groups: readonly Group[];
}

/** null: it has none. */
export function menuOf(page: Page, subject: Selection): Menu | null {
  if (subject.type === 'message') return messageMenu(page, subject.msg);
  const id = subject.type === 'peer' ? subject.peer : subject.type === 'link' ? subject.link : '';
  const peer = page.look.state.peers[id];
  if (!peer) return null;
  return subject.type === 'peer' ? peerMenu(page, peer) : linkMenu(page, peer);
}

const HARM = new Set<ActionName>(['kill', 'remove']);

function peerMenu(page: Page, peer: PeerState): Menu {
  const said = faultWords[page.settings.locale];
  const name = page.nameOf(peer.peer);
  const { queue } = page.look.state;
  const items = peerActions(peer, queue.rules).map(
    ({ name: action, command, obstacle }): Item => ({
      key: action,
      label: said.act[action],
      obstacle: obstacle && said.obstacle[obstacle],
      harm: HARM.has(action),
      choice: { command },
    }),
  );
  const link: Item = {
    key: 'link',
    label: said.menu.breakLink,
    obstacle: null,
    choice: { subject: { type: 'link', link: peer.peer } },
  };
  const all = peer.role === 'queue' ? items : [...items, link];
  const groups: Group[] = [{ title: said.menu.process, items: all }];
  return { name: said.menu.of(name), title: name, note: peer.guest ? said.menu.guest : null, groups };
}

function linkMenu(page: Page, peer: PeerState): Menu {
  const said = faultWords[page.settings.locale];
  const { peer: link } = peer;
  const { opaque } = peer.link;
  const why = opaque === null ? null : said.menu.opaque(visibleText(opaque, 60));
  const faults = Object.values(page.look.state.faults).filter((fault) => fault.link === link && fault.level === 'link');
  const lasting = (group: 'message' | 'connection') =>
    LASTING.filter((kind) => OFFERS[kind].group === group && (why === null || !needsReading(kind))).map(
      (kind): Item => ({ key: kind, label: asks(said.offer[kind]), obstacle: null, choice: { form: kind } }),
    );
  const once = ONCE.filter((kind) => why === null || !needsReading(kind)).map(
    (kind): Item => ({
      key: kind,
      label: said.offer[kind],
      obstacle: null,
      harm: kind !== 'replay',
      choice: { command: onceCommand(kind, link) },
    }),
  );
  const heal: Item = {
    key: 'heal',
    label: said.menu.healLink(faults.length),
    obstacle: null,
    choice: {
      run: () => {
        for (const { fault } of faults) void page.command({ type: 'fault.heal', fault });
      },
    },
  };
  const holds = new Set(Object.values(page.look.state.messages).flatMap((message) => message.heldBy));
  const steps = faults
    .filter(({ fault }) => holds.has(fault))
    .map(
      ({ fault }): Item => ({
        key: `step ${fault}`,
        label: said.tab.step,
        obstacle: null,
        choice: { command: { type: 'fault.step', fault } },
      }),
    );
  const look: Item = {
    key: 'look',
    label: said.menu.look,
    obstacle: null,
    choice: {
      run: () => {
        page.settings.setPanelOpen(true);
        page.select({ type: 'link', link });
      },
    },
  };
  const title = said.menu.link(page.nameOf(link));
  const groups: Group[] = [
    { title: said.menu.messages, items: [...lasting('message'), ...once.filter(({ key }) => key === 'replay')] },
    { title: said.menu.connection, items: [...lasting('connection'), ...once.filter(({ key }) => key !== 'replay')] },
    { title: said.menu.more, items: [...steps, ...(faults.length > 0 ? [heal] : []), look] },
  ];
  return { name: said.menu.of(title), title, note: why, groups: groups.filter(({ items }) => items.length > 0) };
}

/** Drop and let go, also for the inspector. */
export function messageItems(page: Page, msg: number): Item[] {
  const { menu } = faultWords[page.settings.locale];
  const { messages } = page.look.state;
  const message = messages[msg];
  const gone = message === undefined || message.leftAt !== null ? menu.arrived : null;
  const step = stepFor(messages, msg);
  return [
    {
      key: 'dropOne',
      label: menu.dropOne,
      obstacle: gone,
      harm: true,
      choice: { command: { type: 'message.drop', msg } },
    },
    {
      key: 'letGo',
      label: menu.letGo,
      obstacle: gone ?? (step === null ? menu.notHeld : step.first ? null : menu.notFirst),
      choice: { command: { type: 'fault.step', fault: step?.fault ?? 'f1' } },
    },
  ];
}

function messageMenu(page: Page, msg: number): Menu {
  const { menu } = faultWords[page.settings.locale];
  const { words } = page.settings;
  const known = page.log.entered(msg) ?? page.look.state.messages[msg];
  const title = known
    ? words.message.title(words.kind[known.kind], known.n == null ? '' : `#${known.n}`)
    : menu.message(String(msg));
  const link: Item[] = known
    ? [{ key: 'link', label: menu.breakLink, obstacle: null, choice: { subject: { type: 'link', link: known.link } } }]
    : [];
  return {
    name: menu.of(title),
    title,
    note: null,
    groups: [{ title: menu.message(title), items: [...messageItems(page, msg), ...link] }],
  };
}
