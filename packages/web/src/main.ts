// The entrance: the token leaves the address before anything else happens, then the page is put together and opened.

import './app.css';
import { mount } from 'svelte';
import App from './App.svelte';
import { Page } from './panels/page.svelte.ts';
import { Settings } from './panels/settings.svelte.ts';
import { takeKeyring } from './source/credentials.ts';
import { LiveSource } from './source/live.ts';
import { fetchWords } from './words/dictionary.ts';

const keyring = takeKeyring(window.location, window.history, window.sessionStorage);
const settings = new Settings(window, window.localStorage);
await fetchWords(settings.locale);
const page = new Page(new LiveSource(keyring), settings);
const target = document.getElementById('page');
if (!target) throw new Error('the page has no place to be drawn in');
mount(App, { target, props: { page } });
page.open();
