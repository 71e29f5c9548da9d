/**
 * AWS signs times into requests and takes none that is off by more than five minutes (S3: fifteen):
 * docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-troubleshooting.html and
 * docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html, RequestTimeTooSkewed.
 */

/** Beyond it AWS refuses. */
export const MAX_CLOCK_SKEW_SECONDS = 300;

export const SET_THE_CLOCK =
  'set it: `sudo timedatectl set-ntp true` or `sudo chronyd -q`; in WSL or a virtual machine that has slept, `sudo hwclock -s`';

/**
 * Seconds that this machine's clock is ahead of the one that wrote an answer's `date` header; negative: behind.
 * Undefined where there is no such header. The header has whole seconds.
 * @param now of this machine, when the answer was written, in ms
 */
export function clockSkewSeconds(date: string | undefined, now: number): number | undefined {
  const theirs = Date.parse(date ?? '');
  return Number.isNaN(theirs) ? undefined : Math.round((now - theirs) / 1000);
}

/** `7 min 3 s ahead of that of AWS`. */
export function skewWords(seconds: number): string {
  const all = Math.abs(seconds);
  const [hours, minutes] = [Math.floor(all / 3600), Math.floor((all % 3600) / 60)];
  const parts = [
    ...(hours > 0 ? [`${hours} h`] : []),
    ...(minutes > 0 ? [`${minutes} min`] : []),
    ...(hours === 0 && all % 60 > 0 ? [`${all % 60} s`] : []),
  ];
  const span = parts.length === 0 ? '0 s' : parts.join(' ');
  return `${span} ${seconds < 0 ? 'behind' : 'ahead of'} that of AWS`;
}
