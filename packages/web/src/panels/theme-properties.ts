// The design tokens as the page's custom properties: theme.ts is their only source, the canvas reads the same.

import { MONO_FONT, THEMES, type ThemeName, UI_FONT } from '../theme.ts';

export const propertyName = (token: string): string => `--${token.replace(/[A-Z]/g, (c) => `-${c.toLowerCase()}`)}`;

export function setTheme(root: HTMLElement, name: ThemeName): void {
  root.dataset.theme = name;
  // The scroll bars and form parts that the browser draws itself.
  root.style.setProperty('color-scheme', name);
  for (const [token, colour] of Object.entries(THEMES[name])) root.style.setProperty(propertyName(token), colour);
  root.style.setProperty('--ui-font', UI_FONT);
  root.style.setProperty('--mono-font', MONO_FONT);
}
