// How rows of the tables are called and told.

import { inWords, say, spoken, type Key } from "../words";
import type { Named, Row, Tables, Texts } from "./api";

/** The columns <name>_ru and <name>_en of a row. */
export const texts = (row: Row | undefined, name: string): Texts => ({ ru: row?.[name + "_ru"] ?? "", en: row?.[name + "_en"] ?? "" });
export const inOurs = (row: Row | undefined, name = "name"): string => row?.[`${name}_${spoken()}`] || row?.[name + "_ru"] || "";

export const nameOf = (list: Row[], code: string, key = "code", name = "name"): string => inOurs(list.find((row) => row[key] === code), name) || code;
export const placeName = (list: Named[], code: string): string => code === "*" ? say("tablesEverywhere") : inWords(list.find((one) => one.code === code)?.name) || code;

/** A category by its code and its name, if it has one yet. */
export function categoryText(tables: Tables, code: string): string {
  const name = inOurs(tables.categories.find((row) => row.code === code));
  return name ? `${code} ${name}` : code;
}

/** The newest version of every category, planned or not, in order. */
export function categories(tables: Tables): Row[] {
  const newest = new Map<string, Row>();
  for (const row of tables.categories) {
    const old = newest.get(row.code ?? "");
    if (!old || (old.valid_from ?? "") < (row.valid_from ?? "")) newest.set(row.code ?? "", row);
  }
  return [...newest.values()].sort((a, b) => Number(a.place) - Number(b.place));
}

const units: Record<string, Key> = { calendar_days: "unitCalendar", working_days: "unitWorking", months: "unitMonths", hours: "unitHours" };
export const unitNames = Object.keys(units);
export const unitText = (unit: string): string => say(units[unit] ?? "unitCalendar");

/** "15 calendar_days" in words. */
export function termText(term: string | undefined): string {
  if (!term) return "";
  const [n, unit] = term.split(" ");
  return `${n} ${unitText(unit ?? "")}`;
}

const clocks: Record<string, Key> = { answer: "clockAnswer", contact: "clockContact", direction: "clockDirection", content: "clockContent" };
export const clockNames = Object.keys(clocks);
export const clockText = (clock: string): string => say(clocks[clock] ?? "clockAnswer");

const audiences: Record<string, Key> = { both: "tablesAudienceBoth", fl: "audiencePeople", ul: "audienceCompanies" };
export const audienceNames = Object.keys(audiences);
export const audienceText = (code: string): string => say(audiences[code] ?? "tablesAudienceBoth");

const receivers: Record<string, Key> = { assignee: "receiverAssignee", keeper: "receiverKeeper", supervisor: "receiverSupervisor" };
export const receiverNames = Object.keys(receivers);
export const receiverText = (code: string): string => say(receivers[code] ?? "receiverKeeper");

export function markText(mark: string): string {
  if (mark === "breach") return say("markBreach");
  return mark.startsWith("+") ? say("markLater", { n: mark.slice(1) }) : say("markShare", { n: mark.replace("%", "") });
}

/** The needs that have no condition. */
const needs: Record<string, Key> = { always: "needAlways", "unsure always": "needUnsure", may: "needMay" };
export const needNames = Object.keys(needs);
export const needText = (need: string): string => say(needs[need] ?? "needIf");

const notices: Record<string, Key> = {
  retired: "noticeRetired", forms: "noticeForms", secret: "noticeSecret", law_shorter: "noticeLaw", beyond: "noticeBeyond", no_breach: "noticeBreach",
  circle: "noticeCircle", no_deputy: "noticeDeputy",
};
export const noticeText = (code: string): string => say(notices[code] ?? "noticeForms");

/** Whom and what a term is for. */
export function subjectText(row: Row, tables: Tables): string {
  const parts = [row.category ? categoryText(tables, row.category) : row.kind ? nameOf(tables.kinds, row.kind, "kind") : say("tablesAllKinds")];
  if (row.audience !== "both") parts.push(audienceText(row.audience ?? ""));
  if (row.channel) parts.push(row.channel);
  return parts.join(", ");
}

export const dayAfter = (day: string): string => {
  const next = new Date(day + "T12:00:00Z");
  next.setUTCDate(next.getUTCDate() + 1);
  return next.toISOString().slice(0, 10);
};

export const dateText = (day: string): string => new Date(day + "T00:00").toLocaleDateString(spoken(), { day: "numeric", month: "long", year: "numeric" });

const types: Record<string, Key> = {
  text: "typeText", prose: "typeProse", name: "typeName", address: "typeAddress", account: "typeAccount",
  meter: "typeMeter", phone: "typePhone", email: "typeEmail", past: "typePast", future: "typeFuture",
  moment: "typeMoment", months: "typeMonths", money: "typeMoney", count: "typeCount", figures: "typeFigures",
  consent: "typeConsent", service: "typeService", contract: "typeContract", tax_id: "typeTaxID", kpp: "typeKPP", ogrn: "typeOGRN",
  case: "typeCase", files: "typeFiles",
};
export const typeText = (code: string): string => say(types[code] ?? "typeText");
