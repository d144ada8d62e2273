import type { ActSpec } from '../acts/index.ts'

export const reviewActs = {
  write_review: {
    path: (s) => `/incidents/${s.incident}/review`, hotkey: 'w', kind: 'primary',
    fields: [
      { kind: 'long', name: 'measures', label: 'review.measures', required: true, rows: 5, initial: (ctx) => ctx.file?.review?.measures },
      { kind: 'long', name: 'lessons', label: 'review.lessons', required: true, rows: 5, initial: (ctx) => ctx.file?.review?.lessons },
      { kind: 'long', name: 'proposals', label: 'review.proposals', required: true, rows: 5, initial: (ctx) => ctx.file?.review?.proposals },
      { kind: 'rows', name: 'improvements', label: 'review.improvements',
        initial: (ctx) => (ctx.file?.review?.improvements ?? []).map((one) => ({ what: one.what, owner: one.owner.id, due: one.due })),
        fields: [
          { kind: 'text', name: 'what', label: 'review.improvement.what' }, { kind: 'org', name: 'owner', label: 'review.improvement.owner' },
          { kind: 'date', name: 'due', label: 'review.improvement.due' }] },
    ],
    extra: (ctx) => (ctx.file?.review ? { revision: ctx.file.review.revision } : {}),
  },
} satisfies Record<string, ActSpec>
