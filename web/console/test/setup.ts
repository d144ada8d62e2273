import { configure } from '@testing-library/react'

// A busy machine is slow, not wrong.
configure({ asyncUtilTimeout: 10_000 })

/** What jsdom lacks and the pages touch. */
globalThis.matchMedia ??= ((query: string) => ({ matches: false, media: query, addEventListener() {}, removeEventListener() {}, addListener() {}, removeListener() {}, onchange: null, dispatchEvent: () => false })) as typeof matchMedia
globalThis.ResizeObserver ??= class { observe() {} unobserve() {} disconnect() {} }
