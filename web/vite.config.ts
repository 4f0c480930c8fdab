import { defineConfig } from 'vite';

/** Where `entente serve` listens by default: the development server asks it for data. */
const api = 'http://127.0.0.1:8080';

export default defineConfig({
  build: {
    // The program embeds this folder, so every byte counts in its size.
    sourcemap: false,
    // Shipping other people's code means shipping their licences.
    license: { fileName: 'licenses.md' },
    // Monaco is one large piece by nature.
    chunkSizeWarningLimit: 4096,
    // Browsers that run Monaco all know modulepreload.
    modulePreload: { polyfill: false },
    rolldownOptions: {
      // "use client" speaks to servers that render React; there is none here, and dozens of files carry it.
      onwarn: (warning, report) => {
        if (warning.code !== 'MODULE_LEVEL_DIRECTIVE') {
          report(warning);
        }
      },
    },
  },
  worker: { format: 'es' },
  server: {
    host: '127.0.0.1',
    proxy: { '/graphql': api, '/examples.json': api },
  },
});
