// The requests about schedules of offices, rules of booking and the calendar:
// bots/console/api.md.

import type { Api } from "../api";

export type Texts = Partial<Record<"ru" | "en", string>>;
export interface OfficeName { code: string; name: Texts }
export interface Rule { name: string; value: number; standard: number; least: number; most: number }
export interface Schedules { offices: OfficeName[]; rules: Rule[] }

/** A window that does not serve everything, or not always; no services: all. */
export interface Special { number: number; services: string[]; first: string; last: string }
/** Days of other hours; with a window, days or hours in which that one is shut. No hours: closed all day. */
export interface Stretch { window?: number; first: string; last: string; hours: string; reason: Texts }
export interface ServiceName { code: string; name: Texts; minutes: number }
export interface Day { date: string; hours: string; why: string; reason?: Texts }

export interface Schedule {
  office: OfficeName; address: Texts; revision: number; today: string;
  /** Hours of the weekdays from Monday on, "08:00-12:00 13:00-17:00"; sanitary: 0 is Monday. */
  week: string[]; sanitary: number[];
  windows: number; special: Special[]; shut: Stretch[]; exceptions: Stretch[];
  services: ServiceName[]; days: Day[];
  /** A year of the calendar that is needed soon and not there; 0: none. */
  missing: number;
}

/** One change of a schedule. */
export type Edit =
  | { close: Stretch } | { reopen: Pick<Stretch, "first"> }
  | { week: { hours: string[]; sanitary: number[] } }
  | { windows: { windows: number; special: Special[] } }
  | { shut: Stretch } | { unshut: Stretch };

export interface Places { at: string; windows: number }
export interface ChangedService { code: string; before: number; after: number; gone?: Places[]; new?: Places[] }
export interface ChangedDay { date: string; before: string; after: string; services: ChangedService[] }
export interface Hit {
  id: number; name: string; service: Texts; at: string; window: number;
  how: "window" | "moved" | "called_off"; to?: string; to_window?: number; told?: string; text?: boolean;
}
export interface Impact { revision: number; days: ChangedDay[]; more: number; hits: Hit[] }

export interface Year { year: number; act: string; working: number; hours: number; version?: number; by?: string; at?: string }
export interface Years { years: Year[]; missing: number }
export interface YearsImpact {
  years: (Year & { new: boolean; days: { date: string; was: string; is: string }[] })[];
  offices: { office: OfficeName; days: ChangedDay[]; moved: number; called_off: number }[];
  terms: number;
}

export class Planner {
  constructor(private readonly api: Api) {}

  list(): Promise<Schedules> { return this.api.get("schedules"); }
  setRule(name: string, was: number, value: number): Promise<void> { return this.api.post("schedules/rules", { name, was, value }); }
  schedule(office: string): Promise<Schedule> { return this.api.get(of(office)); }
  preview(office: string, revision: number, edit: Edit): Promise<Impact> { return this.api.post(of(office) + "/preview", { revision, ...edit }); }
  save(office: string, revision: number, edit: Edit): Promise<Impact> { return this.api.post(of(office), { revision, ...edit }); }
  years(): Promise<Years> { return this.api.get("calendar"); }
  previewYears(text: string): Promise<YearsImpact> { return this.api.post("calendar/preview", { text }); }
  addYears(text: string): Promise<YearsImpact> { return this.api.post("calendar", { text }); }
}

const of = (office: string): string => `offices/${encodeURIComponent(office)}/schedule`;
