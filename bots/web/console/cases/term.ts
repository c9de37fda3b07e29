// How long is left, in words: colour alone tells nobody who does not see it.

const MINUTE = 60_000, HOUR = 60 * MINUTE, DAY = 24 * HOUR;

/** late: over; soon: within a day; fine: later. */
export type Tone = "late" | "soon" | "fine";

export interface Left { tone: Tone; n: number; unit: "day" | "hour" | "minute" }

/** How pressing the most pressing of the clocks is that run. */
export function urgency(waits: { at: string; paused: string | null }[], now: number): Tone | undefined {
  const tones = waits.filter(({ paused }) => !paused).map(({ at }) => left(at, now).tone);
  return (["late", "soon", "fine"] as const).find((tone) => tones.includes(tone));
}

/** What is left until a moment, or how long it is past, in the largest unit of
 * which there are two, so that «1 день» never stands for 47 hours. */
export function left(at: string, now: number): Left {
  const ms = Date.parse(at) - now;
  const size = Math.abs(ms);
  const [unit, of] = size >= 2 * DAY ? ["day", DAY] as const : size >= 2 * HOUR ? ["hour", HOUR] as const : ["minute", MINUTE] as const;
  return { tone: ms <= 0 ? "late" : ms <= DAY ? "soon" : "fine", n: Math.max(ms <= 0 ? 0 : 1, Math.floor(size / of)), unit };
}
