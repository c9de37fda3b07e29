// Pictures that somebody sent.

/**
 * Draws a picture, at most `most` pixels wide and high, on a canvas: whatever
 * the file holds, a canvas runs nothing, and needs no img-src. Rejects what is
 * no picture.
 */
export async function picture(blob: Blob, name: string, most: number): Promise<HTMLCanvasElement> {
  const bitmap = await createImageBitmap(blob);
  const scale = Math.min(1, most / bitmap.width, most / bitmap.height);
  const sharp = Math.min(2, devicePixelRatio);
  const width = Math.max(1, bitmap.width * scale), height = Math.max(1, bitmap.height * scale);
  const canvas = document.createElement("canvas");
  canvas.className = "picture";
  canvas.setAttribute("role", "img");
  canvas.setAttribute("aria-label", name);
  canvas.width = width * sharp;
  canvas.height = height * sharp;
  canvas.style.width = width + "px";
  canvas.getContext("2d")?.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  bitmap.close();
  return canvas;
}

/** Saves a file under a name. It is never opened from our address. */
export function saveAs(blob: Blob, name: string): void {
  const address = URL.createObjectURL(blob);
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}
