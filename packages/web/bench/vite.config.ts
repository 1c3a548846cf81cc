import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

const here = fileURLToPath(new URL('.', import.meta.url));

/** The pages that are measured beside the real one. */
export default defineConfig({
  root: here,
  logLevel: 'warn',
  build: {
    target: 'es2023',
    outDir: '../../server/dist/bench-pages',
    emptyOutDir: true,
    rollupOptions: { input: [`${here}index.html`, `${here}naive.html`] },
  },
});
