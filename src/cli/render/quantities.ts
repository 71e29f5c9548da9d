/** Quantities as people read them. */

const THOUSANDS = new Intl.NumberFormat('en-US');

/** `12,345`. */
export function count(value: number): string {
  return THOUSANDS.format(value);
}

/** `1 track`, `2 tracks`. */
export function plural(value: number, noun: string): string {
  return `${count(value)} ${noun}${value === 1 ? '' : 's'}`;
}

/** `4.2 s`, `3 min 05 s`, `2 h 10 min`, `3 d 4 h`. */
export function duration(seconds: number): string {
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${pad(whole % 60)} s`;
  if (whole < 86_400) return `${Math.floor(whole / 3600)} h ${pad(Math.floor((whole % 3600) / 60))} min`;
  return `${count(Math.floor(whole / 86_400))} d ${Math.floor((whole % 86_400) / 3600)} h`;
}

/** `12.3 MB`. */
export function bytes(value: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let [amount, unit] = [value, 0];
  // From here on it would be written as 1000.0.
  while (amount >= (unit === 0 ? 1000 : 999.95) && unit < units.length - 1) {
    amount /= 1000;
    unit += 1;
  }
  return `${unit === 0 ? amount : amount.toFixed(1)} ${units[unit]}`;
}

/** `3.4 %`, rounded down: what is not all is never 100 %; and what is not nothing is never 0 %. */
export function percent(part: number, whole: number): string {
  if (whole === 0) return '0 %';
  const tenths = Math.floor((1000 * part) / whole);
  return tenths === 0 && part > 0 ? '< 0.1 %' : `${(tenths / 10).toFixed(1)} %`;
}

/** `1,250 tracks/s`, `1.3 tracks/s`, `2.0 tracks/min`, `1.5 tracks/h`: in the unit that leaves a number to read. */
export function rate(perSecond: number, noun: string): string {
  for (const [unit, seconds] of [
    ['s', 1],
    ['min', 60],
  ] as const) {
    const value = perSecond * seconds;
    if (value >= 1) return `${value >= 99.95 ? count(Math.round(value)) : value.toFixed(1)} ${noun}s/${unit}`;
  }
  const hourly = perSecond * 3600;
  return `${hourly > 0 && hourly < 0.05 ? '< 0.1' : hourly.toFixed(1)} ${noun}s/h`;
}

function pad(value: number): string {
  return String(value).padStart(2, '0');
}
