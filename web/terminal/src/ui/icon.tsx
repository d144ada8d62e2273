//! Small drawn signs. They accompany words and are never alone, so they are hidden from readers.

const PATHS = {
  phone: 'M6.6 3.5 9.5 3l2 5-2.3 1.6a12 12 0 0 0 5.2 5.2L16 12.5l5 2-.5 2.9c-.3 1.6-1.6 2.7-3.2 2.6C9.600 19.500 4.500 14.400 4 6.700c-.1-1.600 1-2.900 2.600-3.200Z',
  pin: 'M12 21.500s7-6.700 7-12a7 7 0 1 0-14 0c0 5.300 7 12 7 12Zm0-9.300a2.700 2.700 0 1 0 0-5.400 2.700 2.700 0 0 0 0 5.400Z',
  arrow: 'M12 3.500 19.500 20 12 16.500 4.500 20 12 3.500Z',
  camera: 'M4 7.500h3.500L9 5h6l1.500 2.500H20V19H4V7.500ZM12 16.500a3.800 3.800 0 1 0 0-7.600 3.800 3.800 0 0 0 0 7.600Z',
  check: 'm4.500 12.500 5 5L19.500 7',
  cross: 'M6 6l12 12M18 6 6 18',
  back: 'M14.500 5 7.500 12l7 7',
  bell: 'M6 16.500V11a6 6 0 1 1 12 0v5.500l1.500 2h-15l1.500-2ZM10 21h4',
  mute: 'M6 16.500V11a6 6 0 0 1 9.500-4.900M18 11v5.500l1.500 2h-12M10 21h4M4 4l16 16',
  list: 'M4 6.500h16M4 12h16M4 17.500h16',
  history: 'M4 12a8 8 0 1 0 2.500-5.800M4 4v4.500h4.500M12 7.500V12l3 2',
  device: 'M7.500 3h9v18h-9V3ZM11 18.200h2',
  clock: 'M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18ZM12 7v5l3.500 2',
  plus: 'M12 5v14M5 12h14',
  minus: 'M5 12h14',
  speak: 'M4 9.500v5h3.500L12 18.500v-13L7.500 9.500H4ZM15.500 9a4.500 4.500 0 0 1 0 6M18 6.500a8 8 0 0 1 0 11',
  copy: 'M9 9h11v11H9V9ZM5 15V4h11',
  warn: 'M12 4 2.500 20h19L12 4ZM12 10v4.500M12 17v.5',
} as const

export type IconName = keyof typeof PATHS

export function Icon({ name }: { name: IconName }) {
  return (
    <svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d={PATHS[name]} />
    </svg>
  )
}
