// What each command does, whether it came by a key, from the palette or from a button.

import type { CommandId } from '../../model/commands.ts';
import { faster, slower } from '../../model/speed.ts';
import type { Until } from '../../model/until.ts';
import type { Page } from '../page.svelte.ts';
import type { Layout } from './layout.svelte.ts';

const STEP_US = 5_000_000;

/** The peer that the selection is about, when it is about one. */
export function selectedPeer({ selection, log }: Page): string | null {
  if (selection?.type === 'peer') return selection.peer;
  if (selection?.type === 'link') return selection.link;
  if (selection?.type === 'message') return log.entered(selection.msg)?.link ?? null;
  return null;
}

/** What can be waited for now. */
export function untilOf(page: Page, id: CommandId): Until | null {
  const peer = selectedPeer(page);
  if (id === 'untilLoss') return { what: 'loss' };
  if (id === 'untilExpiry') return { what: 'expiry' };
  if (id === 'untilFault') return { what: 'fault' };
  if (id === 'untilDisagreement') return { what: 'disagreement' };
  return id === 'untilPeer' && peer !== null ? { what: 'peer', peer } : null;
}

/** Whether it would do anything now. */
export function isPossible(page: Page, id: CommandId): boolean {
  if (id === 'heal') return page.presenter;
  if (id === 'untilPeer') return selectedPeer(page) !== null;
  if (id === 'untilNothing') return page.waitingFor !== null;
  if (id === 'closeRecording') return page.opened !== null;
  if (id === 'otherSide') return page.b !== null;
  if (id === 'compare') return page.b !== null || page.presenter;
  return true;
}

function moveBy(page: Page, length: number): void {
  page.seek(page.t + length, { hold: false });
}

function toMarker(page: Page, direction: -1 | 1): void {
  const marker = direction < 0 ? page.markers.before(page.t) : page.markers.after(page.t);
  if (marker && marker.t <= page.edge) page.seek(marker.t);
}

/** The gesture that asked for it may have been none: then the browser says no, and the clean stage stays within its window. */
function setPresentation(page: Page, presentation: boolean): void {
  page.settings.presentation = presentation;
  const root = document.documentElement;
  if (presentation) root.requestFullscreen?.().catch(() => {});
  else if (document.fullscreenElement) document.exitFullscreen().catch(() => {});
}

function close(page: Page, layout: Layout): void {
  if (page.settings.presentation) setPresentation(page, false);
  else if (layout.drawer && page.settings.panelOpen) page.settings.setPanelOpen(false);
  else if (page.waitingFor) page.runUntil(null);
  else page.select(null);
}

function toggleSpaceTime(page: Page, layout: Layout): void {
  if (layout.tabbed) layout.front = layout.front === 'stage' ? 'spaceTime' : 'stage';
  else page.settings.setSpaceTimeOpen(!page.settings.spaceTimeOpen);
}

/** The browser's own dialogue; two at once are compared. */
function chooseFiles(then: (files: readonly File[]) => void): void {
  const input = document.createElement('input');
  input.type = 'file';
  input.multiple = true;
  input.accept = '.ndjson,.jsonl,.txt';
  input.onchange = () => then([...(input.files ?? [])]);
  input.click();
}

type Deed = (page: Page, layout: Layout, digit: number) => void;

const keptUs = (page: Page): number => page.edge - page.known.startAt;

const DEEDS: Record<Exclude<CommandId, 'stageMove' | 'stageSelect' | 'stageMenu'>, Deed> = {
  toggleHold: (page) => page.toggleHold(),
  back: (page) => moveBy(page, -STEP_US),
  forward: (page) => moveBy(page, STEP_US),
  farBack: (page) => moveBy(page, -keptUs(page) / 10),
  farForward: (page) => moveBy(page, keptUs(page) / 10),
  previousEvent: (page) => page.step(-1),
  nextEvent: (page) => page.step(1),
  previousMarker: (page) => toMarker(page, -1),
  nextMarker: (page) => toMarker(page, 1),
  live: (page) => page.goLive(),
  jump: (page, _, digit) => page.seek(page.known.startAt + (keptUs(page) * digit) / 10, { hold: false }),
  start: (page) => page.seek(page.known.startAt, { hold: false }),
  goTo: (_, layout) => {
    layout.sheet = 'goTo';
  },
  slower: (page) => page.setSpeed(slower(page.speed)),
  faster: (page) => page.setSpeed(faster(page.speed)),
  normalSpeed: (page) => page.setSpeed(1),
  untilLoss: (page) => page.runUntil(untilOf(page, 'untilLoss')),
  untilExpiry: (page) => page.runUntil(untilOf(page, 'untilExpiry')),
  untilFault: (page) => page.runUntil(untilOf(page, 'untilFault')),
  untilDisagreement: (page) => page.runUntil(untilOf(page, 'untilDisagreement')),
  untilPeer: (page) => page.runUntil(untilOf(page, 'untilPeer')),
  untilNothing: (page) => page.runUntil(null),
  presentation: (page) => setPresentation(page, !page.settings.presentation),
  schematic: ({ settings }) => settings.setSchematic(!settings.schematic),
  beats: ({ settings }) => settings.setShowBeats(!settings.showBeats),
  spaceTime: toggleSpaceTime,
  panel: ({ settings }) => settings.setPanelOpen(!settings.panelOpen),
  otherSide: (page) => page.show(page.shown === 'a' ? 'b' : 'a'),
  compare: (page) => {
    page.tab = 'compare';
    page.settings.setPanelOpen(true);
  },
  theme: ({ settings }) => settings.toggleTheme(),
  openRecording: (page) => chooseFiles((files) => void page.openRecordings(files)),
  closeRecording: (page) => page.closeRecording(),
  language: ({ settings }) => settings.setLocale(settings.locale === 'en' ? 'zh' : 'en'),
  help: (_, layout) => {
    layout.sheet = layout.sheet === 'help' ? null : 'help';
  },
  palette: (_, layout) => {
    layout.sheet = layout.sheet === 'palette' ? null : 'palette';
  },
  close,
  heal: (page) => page.healAll(),
};

export function carryOut(page: Page, layout: Layout, id: CommandId, digit = 0): void {
  if (id === 'stageMove' || id === 'stageSelect' || id === 'stageMenu') return;
  if (isPossible(page, id)) DEEDS[id](page, layout, digit);
}
