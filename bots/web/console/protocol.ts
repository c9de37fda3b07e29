// The words of bots/console/api.md. What an entry shares with the widget's
// protocol is taken from there.

import type { Choice, FileInfo, InEntry, Message, Position } from "../widget/protocol";

export { compare } from "../widget/protocol";
export type { Choice, FileInfo, InEntry, Message, Position };

export type Permission = "desk.see" | "desk.answer" | "staff.see" | "staff.keep" | "audit.see" | "links.keep" | "visits.see" | "visits.keep"
  | "cases.see" | "cases.work" | "cases.watch" | "cases.reveal" | "cases.refund" | "publish" | "schedule.see" | "schedule.keep" | "tables.see" | "tables.keep" | "quarantine.see" | "quarantine.read" | "quarantine.keep";

export interface Staff {
  id: number; login: string; name: string; roles: string[]; may: Permission[];
  /** What has to be done before anything else: a password of one's own, a second factor. */
  owes: ("password" | "second")[];
  second: boolean;
}
/** zone: the IANA name of the company's. */
export interface Me { staff: Staff; csrf: string; now: string; zone: string }
/** The password was right, and a code is to follow. */
export interface Half { second: true; csrf: string }

/** A conversation that a person is asked into. */
export interface Handoff {
  id: number;
  conversation: string;
  channel: string;
  customer: string;
  topic: string;
  since: string;
  held_by?: { id: number; name: string } | null;
  state: "waiting" | "held" | "closed";
  position: Position;
  unread?: number;
}

export interface Queue {
  waiting: Handoff[];
  mine: Handoff[];
  others: Handoff[];
  open: boolean;
  opens_at?: string;
}

export interface Delivery { state: "sent" | "failed" | "pending"; why?: string }

/** What the customer read: the bot's words or a colleague's. */
export interface OutEntry {
  position: Position; kind: "out"; at: string; message: Message; by: string;
  /** The client's own ID of an operator's message. */
  id?: string;
  delivery?: Delivery;
}
export interface NoteEntry { position: Position; kind: "note"; at: string; text: string; by: string; id?: string }
export interface EventEntry {
  position: Position; kind: "event"; at: string;
  did: "called" | "taken" | "returned" | "closed" | "left" | "filed"; by?: string;
  /** The number of the case that was filed. */
  text?: string;
}
export type Entry = InEntry | OutEntry | NoteEntry | EventEntry;

export interface LogPage { entries: Entry[]; more: boolean; position: Position }
export interface Uploaded { id: string; name: string; type: string; size: number }

export type Hint =
  | { t: "queue" }
  | { t: "cases" }
  | { t: "conversation"; c: string; position?: Position }
  | { t: "typing"; c: string }
  | { t: "office"; office: string }
  | { t: "bye" };

/** Whoever an error names: servers give a name or a person. */
export function nameOf(by: unknown): string {
  if (typeof by === "string") return by;
  return typeof by === "object" && by && "name" in by ? String(by.name) : "";
}
