import { defineConfig } from 'vite'
import { fakeNode } from './dev/vite-node.ts'
import { precache } from './scripts/precache.ts'

// Served by the node under /terminal/. `--mode play` puts a small fake node behind the page (dev/), for development only.
export default defineConfig(({ mode }) => ({
  base: '/terminal/',
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    target: ['chrome87', 'safari14', 'firefox90'],
    assetsInlineLimit: 0,
    modulePreload: false,
    rollupOptions: {
      input: { index: 'index.html', sw: 'src/sw.ts' },
      output: {
        // The service worker needs one address for ever: its scope and its updates hang on it.
        entryFileNames: (chunk) => (chunk.name === 'sw' ? 'sw.js' : 'assets/[name]-[hash].js'),
      },
    },
  },
  plugins: [precache(), mode === 'play' ? fakeNode() : null],
  test: { environment: 'node', include: ['test/**/*.test.{ts,tsx}'] },
}))
