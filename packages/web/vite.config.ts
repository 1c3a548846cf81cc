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
    // In development the bridge runs beside Vite on its usual port, and must take this page for its own.
    proxy: { '/socket.io': { target: 'http://127.0.0.1:5550', ws: true, changeOrigin: true, rewriteWsOrigin: true } },
  },
});
