import react from '@vitejs/plugin-react'
import { defineConfig } from 'vitest/config'
import { fakeNode } from './dev/plugin.ts'

/** Where a running node answers; without it the pages run against the small double in `dev/`. */
const node = process.env.MUSTER_NODE

export default defineConfig({
  base: '/',
  plugins: [react(), ...(node ? [] : [fakeNode()])],
  server: {
    port: 5173,
    proxy: node ? { '/api': node, '/map': node, '/healthz': node, '/terminal': node } : undefined,
  },
  worker: { format: 'es' },
  build: { outDir: 'dist', target: 'es2022', chunkSizeWarningLimit: 1200 },
  test: { environment: 'jsdom', include: ['test/**/*.test.{ts,tsx}'], setupFiles: ['test/setup.ts'], css: false, testTimeout: 30_000 },
})
