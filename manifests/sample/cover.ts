/** A square picture of raw RGB bytes, for ffmpeg's `rawvideo`. */
export interface Picture {
  readonly side: number;
  readonly rgb: Uint8Array;
}

/** Cover art: a sun over a horizon at dawn. */
export function dawnCover(side = 300): Picture {
  const rgb = new Uint8Array(side * side * 3);
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) rgb.set(colourAt(x / side, y / side), (y * side + x) * 3);
  }
  return { side, rgb };
}

function colourAt(x: number, y: number): readonly number[] {
  if (y > 0.7) return [20 + 60 * (1 - y), 24 + 40 * (1 - y), 60];
  if (Math.hypot(x - 0.5, y - 0.62) < 0.18) return [255, 214, 120];
  const dusk = 1 - y / 0.7;
  return [235 - 170 * dusk, 130 - 70 * dusk, 110 + 30 * dusk];
}
