/** A desk as a list of what waits for it: sections with their addresses, the first with something to do first. */
import type { ReactNode } from 'react'
import { t, type TextKey } from '../locales/index.ts'
import { Link } from '../router.tsx'
import { Count, Empty } from '../ui/index.ts'

export interface Section { name: string; title: TextKey; count?: number; tone?: 'bad' | 'waiting'; body: () => ReactNode; quiet?: boolean }

export function Inbox({ sections, chosen, href, aside, empty }: { sections: Section[]; chosen?: string; href: (section: string) => string; aside?: ReactNode; empty: string }) {
  const current = sections.find((section) => section.name === chosen) ?? sections.find((section) => (section.count ?? 0) > 0) ?? sections[0]
  return (
    <div className="inbox" data-aside={aside ? true : undefined}>
      <nav className="sections" aria-label={t('nav.desk')}>
        {sections.map((section) => (
          <Link key={section.name} to={href(section.name)} aria-current={section === current ? 'page' : undefined}>
            <span>{t(section.title)}</span>{section.count !== undefined && <Count value={section.count} tone={section.tone} />}
          </Link>
        ))}
      </nav>
      <div className="sectionbody">{current ? current.body() : <Empty>{empty}</Empty>}</div>
      {aside && <aside>{aside}</aside>}
    </div>
  )
}
