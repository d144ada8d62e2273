export const SIZE_MAX_BYTES: number
export interface Size {
  name: string
  bytes: number
}
export function sizes(dir: string): Size[]
export function judge(files: Size[], max?: number): { ok: boolean; total: number; text: string }
