//! A picture from the camera, made small before it is kept and sent: the long side at most 1,600 px, JPEG, and without the
//! camera's own data (place, device), since it is drawn anew.

const SIDE_MAX_PX = 1_600
const BYTES_MAX = 400_000
const QUALITIES = [0.82, 0.65, 0.5]

export interface Photo {
  id: string
  bytes: ArrayBuffer
  /** Address of the small picture for the form; released by `dropPhoto`. */
  preview: string
}

/** Fails when the browser can't read the file as a picture. */
export async function takePhoto(file: Blob): Promise<Photo> {
  const picture = await createImageBitmap(file, { imageOrientation: 'from-image' })
  const scale = Math.min(1, SIDE_MAX_PX / Math.max(picture.width, picture.height))
  const canvas = document.createElement('canvas')
  canvas.width = Math.max(1, Math.round(picture.width * scale))
  canvas.height = Math.max(1, Math.round(picture.height * scale))
  const paper = canvas.getContext('2d')
  if (!paper) throw new Error('the browser cannot draw')
  paper.drawImage(picture, 0, 0, canvas.width, canvas.height)
  picture.close()
  let small: Blob | null = null
  for (const quality of QUALITIES) {
    small = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/jpeg', quality))
    if (small && small.size <= BYTES_MAX) break
  }
  if (!small) throw new Error('the browser cannot write a JPEG')
  const id = [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('')
  return { id, bytes: await small.arrayBuffer(), preview: URL.createObjectURL(small) }
}

export const dropPhoto = (photo: Photo): void => URL.revokeObjectURL(photo.preview)
