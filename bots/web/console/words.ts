// The console's words. One language at a time for the whole page.

import ru from "./text.ru.json";
import { dateAt, zoned } from "./zone";

/** The keys of the Russian catalogue, which is the source of the other. */
export type Key = keyof typeof ru;

/** Russian comes with the page, English when somebody wants it. */
const catalogues: { ru: Record<Key, string>; en?: Record<Key, string> } = { ru };
let language: "ru" | "en" = "ru";

/** Speaks a language from now on: once its words are there. */
export async function speak(wanted: "ru" | "en"): Promise<void> {
  if (wanted === "en") catalogues.en ??= (await import("./text.en.json")).default;
  language = wanted;
  document.documentElement.lang = wanted;
}

/** The language that the page speaks. */
export const spoken = (): "ru" | "en" => language;

/** A sentence with its {names} filled in. */
export function say(key: Key, values: Record<string, string | number> = {}): string {
  return (catalogues[language] ?? ru)[key].replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}

export function time(at: string | Date): string {
  return new Date(at).toLocaleTimeString(language, { hour: "2-digit", minute: "2-digit", ...zoned() });
}

/** What stands in several languages, in ours. */
export function inWords(texts: Record<string, string> | null | undefined): string {
  return texts?.[language] ?? texts?.ru ?? "";
}

/** A day by its date: "Tuesday, 1 December". */
export function named(date: string): string {
  return new Date(date + "T00:00").toLocaleDateString(language, { weekday: "long", day: "numeric", month: "long", year: "numeric" });
}

/** A day as people call it within a sentence, seen from another moment. */
export function day(at: Date, now: number): string {
  const date = dateAt(at), today = dateAt(now);
  const days = Math.round((Date.parse(today) - Date.parse(date)) / 86_400_000);
  if (days === 0) return say("dayToday");
  if (days === 1) return say("dayYesterday");
  const year = date.slice(0, 4) !== today.slice(0, 4) && { year: "numeric" as const };
  return at.toLocaleDateString(language, { day: "numeric", month: "long", ...year, ...zoned() });
}

/** A day and a time; today the time is enough. */
export function moment(at: string, now: number): string {
  const date = new Date(at);
  return dateAt(date) === dateAt(now) ? time(date) : `${day(date, now)}, ${time(date)}`;
}

export function size(bytes: number): string {
  const large = bytes >= 1 << 20;
  const n = bytes / (large ? 1 << 20 : 1024);
  return say(large ? "megabytes" : "kilobytes", {
    n: Math.max(n, large ? 0 : 1).toLocaleString(language, { maximumFractionDigits: large && n < 10 ? 1 : 0 }),
  });
}
