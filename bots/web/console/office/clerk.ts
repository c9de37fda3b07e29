// The requests about an office's day, and what follows from its answers.

import { Failure, type Api } from "../api";
import type { Key } from "../words";

export type Texts = Record<string, string>;
export interface Office { code: string; territory: string; name: Texts; address: Texts; windows: number }
export interface Service { code: string; name: Texts; minutes: number; windows: number[] }

export type Status = "held" | "booked" | "moved" | "arrived" | "called" | "served" | "no_show" | "cancelled";

/** A visit on the office's clock; name and phone are masked. */
export interface Visit {
  id: number; code: string; from: string; to: string;
  /** 0: none, for who walked in, and who was not called yet. */
  window: number; called_to: number;
  service: string; name: string; phone: string; account: string;
  status: Status; walk_in: boolean; confirmed: boolean;
  /** What can be made of it now. */
  steps: Status[];
  /** Of one that was found. */
  date?: string;
}

export interface Stretch { window: number; from: string; to: string }

export interface Day {
  office: Office; date: string; today: string; now: string;
  /** "09:00–13:00"; none: it is closed. */
  hours: string[];
  why: "usual" | "exception" | "holiday" | "replaced" | "short" | "sanitary" | "regional";
  reason: Texts | null;
  services: Service[]; visits: Visit[];
  /** Times of windows that are nobody's, and in which single ones are shut. */
  free: Stretch[]; shut: Stretch[];
}

export interface Visitor { name: string; phone: string; account: string }
export interface WalkIn { service: string; name: string; window: number }

export class Clerk {
  constructor(private readonly api: Api) {}

  async offices(): Promise<Office[]> { return (await this.api.get<{ offices: Office[] }>("offices")).offices; }
  day(office: string, date: string): Promise<Day> { return this.api.get(at(office) + (date && "?date=" + date)); }
  async find(office: string, date: string, text: string): Promise<Visit[]> {
    return (await this.api.post<{ visits: Visit[] }>(at(office) + "/find", { date, text })).visits;
  }
  look(office: string, visit: number): Promise<Visitor> { return this.api.post(`${at(office)}/visits/${visit}/look`); }
  step(office: string, visit: Visit, to: Status, window: number): Promise<void> {
    return this.api.post(`${at(office)}/visits/${visit.id}/step`, { from: visit.status, to, window });
  }
  /** id: the client's own, under which a walk-in is taken once. */
  walkIn(office: string, id: string, who: WalkIn): Promise<{ id: number; code: string }> {
    return this.api.post(at(office) + "/walk-ins", { id, ...who });
  }
}

const at = (office: string): string => `offices/${encodeURIComponent(office)}/day`;

/** Who was quicker, if somebody was. */
export function quicker(failure: unknown): { status: Status; by: string } | undefined {
  if (!(failure instanceof Failure) || failure.code !== "visit_changed") return undefined;
  return { status: failure.body.status as Status, by: String(failure.body.by ?? "") };
}

/** The step that leads on, for the one button that a visit has. */
export function onward(visit: Visit): Status | undefined {
  const next: Partial<Record<Status, Status>> = { booked: "arrived", moved: "arrived", arrived: "called", called: "served" };
  const step = next[visit.status];
  return step && visit.steps.includes(step) ? step : undefined;
}

/** What mends a slip: how a visit that was made `to` gets back to where it was. */
export function back(visit: Visit, to: Status): { to: Status; window: number } | undefined {
  const was = visit.status === "moved" ? "booked" : visit.status;
  if (to === "no_show" && was === "called") return { to: "arrived", window: 0 };
  if (was === "no_show") return { to: "no_show", window: 0 };
  return { to: was, window: was === "called" ? visit.called_to : 0 };
}

/** What a step is called, by where it leads and from where. */
export function stepName(from: Status, to: Status): Key {
  switch (to) {
    case "arrived": return from === "called" ? "stepBackToHall" : from === "no_show" ? "stepLate" : "stepArrived";
    case "called": return from === "served" ? "stepBackToWindow" : "stepCall";
    case "served": return "stepServed";
    case "no_show": return from === "booked" || from === "moved" ? "stepNoShow" : "stepLeft";
    default: return "stepSlip";
  }
}

/** A stretch of a window's time as the plan shows it; rows are lines of a grid. */
export interface Cell { window: number; from: string; to: string; first: number; last: number; visit?: Visit; free?: boolean; shut?: boolean }
/** A cell of no window is a break of all; `now` is the row of the clock, 0 while the office is closed. */
export interface Plan { cells: Cell[]; now: number }

/** Lays a day out: what begins together stands in one line, across the windows. */
export function plan(day: Day): Plan {
  const visits = day.visits.filter((visit) => visit.window > 0 && visit.status !== "cancelled");
  const hours = day.hours.map((span) => span.split("–") as [string, string]);
  const breaks = hours.slice(1).map((span, i): [string, string] => [hours[i]?.[1] ?? "", span[0]]);
  const today = day.date === day.today;
  const lines = [...new Set([
    ...visits.flatMap((visit) => [visit.from, visit.to]), ...[...day.free, ...day.shut].flatMap((one) => [one.from, one.to]),
    ...breaks.flat(), ...(today ? [day.now] : []),
  ])].sort();
  const line = (at: string) => lines.indexOf(at) + 2; // the first row is the windows' names
  const rows = (from: string, to: string) => ({ first: line(from), last: Math.max(line(to), line(from) + 1) });
  const cells: Cell[] = [
    ...visits.map((visit) => ({ window: visit.window, from: visit.from, to: visit.to, ...rows(visit.from, visit.to), visit })),
    ...day.free.map((free) => ({ ...free, ...rows(free.from, free.to), free: true })),
    ...day.shut.map((shut) => ({ ...shut, ...rows(shut.from, shut.to), shut: true })),
    ...breaks.map(([from, to]) => ({ window: 0, from, to, ...rows(from, to) })),
  ];
  cells.sort((a, b) => a.from < b.from ? -1 : a.from > b.from ? 1 : a.window - b.window);
  const within = hours.some(([from, to]) => from <= day.now && day.now < to);
  return { cells, now: today && within ? line(day.now) : 0 };
}
