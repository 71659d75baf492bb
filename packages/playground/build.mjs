// Builds the playground's page: `node packages/playground/build.mjs` writes web/ to dist/web, in about a second.
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

await build({
  configFile: false,
  root: fileURLToPath(new URL('web', import.meta.url)),
  base: '/',
  logLevel: 'warn',
  esbuild: { jsx: 'automatic', jsxImportSource: 'preact' },
  build: {
    outDir: fileURLToPath(new URL('dist/web', import.meta.url)),
    emptyOutDir: true,
    target: 'es2022',
    // No script or picture inline: the page's content security policy allows none.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
});
