// How days, hours and texts by language are shown.

import { say, type Key } from "../words";
import type { Texts } from "./api";

const language = (): "ru" | "en" => (document.documentElement.lang === "en" ? "en" : "ru");

export const inWords = (texts: Texts | undefined): string => texts?.[language()] || texts?.ru || "";

/** "08:00–12:00, 13:00–17:00", or that it is closed. */
export const hoursText = (hours: string): string => hours ? hours.replaceAll("-", "–").replaceAll(" ", ", ") : say("scheduleClosed");

export function weekday(n: number, form: "short" | "long" = "short"): string {
  return new Date(2024, 0, 1 + n).toLocaleDateString(language(), { weekday: form }); // 1 January 2024 is a Monday
}

/** A day such as "чт, 26 ноября"; with its year, if that is another. */
export function dayText(date: string, today: string): string {
  const year = date.slice(0, 4) !== today.slice(0, 4) && { year: "numeric" as const };
  return new Date(date + "T00:00").toLocaleDateString(language(), { weekday: "short", day: "numeric", month: "long", ...year });
}

export const daysText = (first: string, last: string, today: string): string =>
  first === last ? dayText(first, today) : `${dayText(first, today)} — ${dayText(last, today)}`;

/** A moment on the office's clocks: "2026-11-26T13:00". */
export const atText = (at: string, today: string): string => `${dayText(at.slice(0, 10), today)}, ${at.slice(11)}`;

const why: Record<string, Key> = {
  exception: "dayException", holiday: "dayHoliday", regional: "dayRegional", replaced: "dayReplaced", short: "dayShort", sanitary: "daySanitary",
};
export const whyText = (code: string, reason: Texts | undefined): string => {
  const key = why[code];
  return inWords(reason) || (key ? say(key) : "");
};

/** Spans as they are edited. */
export type Spans = [string, string][];
export const spansOf = (hours: string): Spans => hours.split(" ").filter(Boolean).map((span) => span.split("-") as [string, string]);
export const textOf = (spans: Spans): string => spans.filter(([from, to]) => from && to).map((span) => span.join("-")).join(" ");

const rules: Record<string, Key> = {
  days: "ruleDays", lead_minutes: "ruleLead", active: "ruleActive", walk_in_percent: "ruleWalkIn", hold_minutes: "ruleHold",
  offer_minutes: "ruleOffer", waiting: "ruleWaiting",
};
/** A rule of booking. */
export const ruleName = (code: string): string => say(rules[code] ?? "fieldValue");
