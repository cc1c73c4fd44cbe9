/** @param {number} seconds */
export function durationText(seconds) {
  if (!Number.isFinite(seconds)) return 'the server does not say';
  if (seconds === 0) return 'expired';
  const minutes = Math.floor(seconds / 60);
  return minutes === 0 ? `${seconds} s` : `${minutes} min ${seconds % 60} s`;
}
