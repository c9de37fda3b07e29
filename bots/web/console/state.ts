// All that the page knows. One value, replaced and never changed; reduce.ts
// says how, desk.ts why.

import type { Entry, FileInfo, Handoff, Permission, Position, Queue, Staff } from "./protocol";

export type Mode = "reply" | "note";

/** A file on its way to the server, or there. */
export interface Attachment {
  key: string;
  name: string;
  type: string;
  size: number;
  state: "uploading" | "ready" | "failed";
  /** Per cent. */
  progress: number;
  /** The server's ID, once it is ready. */
  id: string;
  /** Why it failed: a code of the server, or "network". */
  error: string;
}

/** What is typed and not sent: a reply and a note never share a field. */
export interface Draft {
  mode: Mode;
  reply: string;
  note: string;
  /** Short answers to offer under the reply; undefined while they are not asked for. */
  choices?: string[] | undefined;
  files: Attachment[];
}

/** A message of ours that the server has not acknowledged. */
export interface Unsent {
  id: string;
  conversation: string;
  kind: Mode;
  text: string;
  files: FileInfo[];
  choices: string[];
  at: string;
  /** "sending": a request is under way; "late": it will be sent again; "refused": it never will be. */
  state: "sending" | "late" | "refused";
  error: string;
  /** Where it stands, once acknowledged: it is shown until the log brings it. */
  position: Position;
}

export interface Log {
  entries: Entry[];
  /** There are older ones. */
  more: boolean;
  state: "loading" | "ready" | "failed";
  earlier: boolean;
}

/** A line about something that needs to be known, until it is put away. */
export interface Notice { tone: "info" | "bad"; text: string; conversation: string }

export interface Settings {
  enter: "send" | "break";
  sound: boolean;
  keys: boolean;
  scheme: "auto" | "light" | "dark";
  language: "ru" | "en";
}

/** The parts of the console. */
export type Section = "desk" | "cases" | "day" | "schedule" | "tables" | "quarantine" | "publications" | "indicators" | "links" | "people" | "audit" | "account";

/** What each asks for; one's own account is open to everybody. */
const needs: [Section, Permission][] = [["desk", "desk.see"], ["cases", "cases.see"], ["day", "visits.see"], ["publications", "publish"], ["indicators", "cases.watch"], ["links", "links.keep"], ["people", "staff.see"], ["audit", "audit.see"], ["schedule", "schedule.see"], ["tables", "tables.see"], ["quarantine", "quarantine.see"]];

const isSection = (name: string): name is Section => name === "account" || needs.some(([section]) => section === name);

/** The address of a section, and of a place in it. */
export const addressOf = (section: Section, place = ""): string => "#" + section + (place && "/" + encodeURIComponent(place));

/** What an address beside the desk asks for; a place that is broken is none. */
export function parseAddress(hash: string): { section: Section; place: string } | undefined {
  const [name = "", place = ""] = hash.slice(1).split("/");
  if (!isSection(name)) return undefined;
  try { return { section: name, place: decodeURIComponent(place) }; } catch { return { section: name, place: "" }; }
}

/** The parts that somebody may look at, his account apart. */
export function sections(state: State): Section[] {
  return needs.filter(([, permission]) => state.staff?.may.includes(permission)).map(([section]) => section);
}

/** What is shown: the part that was asked for, or the first that he may see. */
export function sectionOf(state: State): Section {
  const open = sections(state);
  return state.section === "account" || open.includes(state.section) ? state.section : open[0] ?? "account";
}

export interface State {
  session: "checking" | "out" | "in" | "expired";
  /** Why the server says that the last session is over; empty: it has run out, or nobody knows. */
  ended: string;
  staff: Staff | undefined;
  queue: Queue | undefined;
  /** What is looked at; see sectionOf. */
  section: Section;
  /** Where in it: what follows it in the address, such as a case's number. */
  place: string;
  /** Goes up when cases may have changed: what shows any reads again. */
  caseNews: number;
  selected: Handoff | undefined;
  logs: Record<string, Log>;
  drafts: Record<string, Draft>;
  outbox: Unsent[];
  /** Last positions that the operator has had before his eyes. */
  seen: Record<string, Position>;
  /** Positions of failed messages that were sent again. */
  retried: string[];
  /** Until when a customer counts as typing, in ms of the server's clock. */
  typing: Record<string, number>;
  /** "slow": requests work, hints do not come. */
  link: "connecting" | "live" | "slow" | "down" | "offline";
  notice: Notice | undefined;
  /** Which office has news, "" if any of them may; a new value each time. */
  news: { office: string };
  /** What screen readers are told. */
  announcement: string;
  /** Actions under way: their buttons wait. */
  busy: string[];
  settings: Settings;
  pane: "list" | "dialog" | "card";
  sheet: "" | "help" | "close";
  /** ms of the server's clock. */
  now: number;
}

export const defaults: Settings = { enter: "send", sound: false, keys: true, scheme: "auto", language: "ru" };

export const emptyDraft: Draft = { mode: "reply", reply: "", note: "", files: [] };

export const initial: State = {
  session: "checking", ended: "", staff: undefined, queue: undefined, section: "desk", place: "", caseNews: 0, selected: undefined,
  logs: {}, drafts: {}, outbox: [], seen: {}, retried: [], typing: {},
  link: "connecting", notice: undefined, news: { office: "" }, announcement: "", busy: [],
  settings: defaults, pane: "list", sheet: "", now: 0,
};

/** The draft of a dialog; a colleague's dialog takes only notes. */
export function draftOf(state: State, handoff: Handoff): Draft {
  const draft = state.drafts[handoff.conversation] ?? emptyDraft;
  return canReply(state, handoff) ? draft : { ...draft, mode: "note" };
}

export function canReply(state: State, handoff: Handoff): boolean {
  return handoff.state === "held" && handoff.held_by?.id === state.staff?.id;
}

/** Every dialog in the order of the list on the screen. */
export function inOrder(queue: Queue | undefined): Handoff[] {
  return queue ? [...queue.waiting, ...queue.mine, ...queue.others] : [];
}

export const key = (action: string, handoff: { id: number }): string => `${action}:${handoff.id}`;
