import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vite';

export default defineConfig({
  plugins: [svelte()],
  build: {
    target: 'es2023',
    // A font as a data: address would be refused by the page's own security policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  server: {
    // In development the bridge runs beside Vite; the launch address then names this port.
    proxy: { '/socket.io': { target: 'http://127.0.0.1:7777', ws: true } },
  },
});
