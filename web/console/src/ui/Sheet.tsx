import { Drawer } from 'antd'
import { useSyncExternalStore, type ReactNode } from 'react'

/** A drawer from the side; on a phone, from below and nearly the whole screen. */
export function Sheet(props: { open: boolean; title: ReactNode; onClose: () => void; children: ReactNode; footer?: ReactNode; extra?: ReactNode; width?: number }) {
  const narrow = useNarrow()
  return (
    <Drawer
      open={props.open} onClose={props.onClose} title={props.title} extra={props.extra} footer={props.footer} destroyOnHidden
      placement={narrow ? 'bottom' : 'right'} size={narrow ? '88%' : (props.width ?? 520)} styles={{ body: { padding: 16 }, footer: { padding: 12 }, mask: { background: 'rgb(13 26 40 / 26%)' } }}
      keyboard
    >
      {props.children}
    </Drawer>
  )
}

export const NARROW_PX = 720
const query = () => (typeof matchMedia === 'function' ? matchMedia(`(max-width: ${NARROW_PX}px)`) : null)

/** Whether the screen is a phone's. */
export function useNarrow(): boolean {
  return useSyncExternalStore(
    (listener) => {
      const media = query()
      media?.addEventListener('change', listener)
      return () => media?.removeEventListener('change', listener)
    },
    () => query()?.matches ?? false,
  )
}
