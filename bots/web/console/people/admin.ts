// The requests about people, one's own account and the audit.

import type { Api } from "../api";
import type { Text } from "../cases/api";
import { instantOf } from "../zone";

export interface Person {
  id: number; login: string; name: string; roles: string[]; teams: string[]; territories: string[];
  disabled: boolean; temporary: boolean; second: boolean; needs_second: boolean; at_desk: boolean;
}
export interface Team { code: string; name: string }
export interface Territory { code: string; name: Record<"ru" | "en", string> }
export interface Role { role: string; may: string[]; needs_second: boolean }
export interface People { people: Person[]; teams: Team[]; territories: Territory[]; roles: Role[] }

/** What is said of somebody who is added or changed. */
export interface Card { login?: string; name: string; roles: string[]; teams: string[]; territories: string[] }

export interface OpenSession { id: string; own: boolean; since: string; address: string; agent: string }
export interface Account { second: boolean; required: boolean; recovery: number; sessions: OpenSession[]; ask: boolean }

export interface Line {
  number: number; at: string; staff: number; name: string; act: string; conversation: string; subject: string;
  /** The parts of a subject such as "category/В-1", in words. */
  about: Text[] | null; changes: Change[]; reason: string; address: string;
}
/** A field of a line. Names say what codes among its values mean; of which row of a table it is, of which window. */
export interface Change { field: string; of?: Text[]; before?: string; after?: string; names?: Record<string, Text> }
export interface Book { lines: Line[]; more: boolean; acts: string[] }
export interface Wanted { staff: string; act: string; about: string; from: string; to: string }

/** A chat that sees an account; `chat` is the end of its name. */
export interface ChatLink { id: number; channel: string; chat: string; since: string; used: string; from?: string }
export interface Linked { account: string; links: ChatLink[] }

/** An event that could not be taken; conversation is empty where nobody knows whose it was. */
export interface Casualty { id: string; at: string; channel: string; conversation: string; cause: string }
/** days: after so many they go. */
export interface Quarantine { casualties: Casualty[]; days: number }

export class Admin {
  constructor(private readonly api: Api) {}

  people(): Promise<People> { return this.api.get("people"); }
  add(card: Card): Promise<{ person: Person; password: string }> { return this.api.post("people", card); }
  change(id: number, card: Card): Promise<void> { return this.api.post(`people/${id}`, card); }
  act(id: number, verb: "disable" | "enable" | "second" | "sessions"): Promise<void> { return this.api.post(`people/${id}/${verb}`); }
  newPassword(id: number): Promise<{ password: string }> { return this.api.post(`people/${id}/password`); }
  saveTeam(team: Team): Promise<void> { return this.api.post("teams", team); }
  dropTeam(code: string): Promise<void> { return this.api.post(`teams/${encodeURIComponent(code)}/drop`); }

  account(): Promise<Account> { return this.api.get("account"); }
  setPassword(password: string, fresh: string): Promise<void> { return this.api.post("account/password", { password, new: fresh }); }
  beginSecond(password: string): Promise<{ key: string; squares: string[] }> { return this.api.post("account/second/begin", { password }); }
  confirmSecond(code: string): Promise<{ recovery: string[] }> { return this.api.post("account/second/confirm", { code }); }
  dropSecond(password: string): Promise<void> { return this.api.post("account/second/drop", { password }); }
  newRecovery(password: string): Promise<{ recovery: string[] }> { return this.api.post("account/recovery", { password }); }
  endSession(id: string): Promise<void> { return this.api.post(`account/sessions/${id}/end`); }
  endOthers(): Promise<void> { return this.api.post("account/sessions/end"); }

  links(account: string): Promise<Linked> { return this.api.post("links", { account }); }
  endLink(id: number, reason: string): Promise<void> { return this.api.post(`links/${id}/end`, { reason }); }

  quarantine(): Promise<Quarantine> { return this.api.get("quarantine"); }
  /** Reads what the customer had sent; the look is written down. */
  quarantined(id: string, reason: string): Promise<{ text: string }> { return this.api.post("quarantine/look", { id, reason }); }
  release(what: "again" | "reset" | "drop", id: string, reason: string): Promise<void> { return this.api.post("quarantine/" + what, { id, reason }); }

  audit(wanted: Wanted, below: number): Promise<Book> {
    const query = new URLSearchParams();
    const day = (at: string, more: number) => new Date(instantOf(at + "T00:00").getTime() + more).toISOString();
    if (wanted.staff) query.set("staff", wanted.staff);
    if (wanted.act) query.set("act", wanted.act);
    if (wanted.about) query.set("about", wanted.about);
    if (wanted.from) query.set("from", day(wanted.from, 0));
    if (wanted.to) query.set("to", day(wanted.to, 86_400_000));
    if (below) query.set("below", String(below));
    return this.api.get("audit?" + query.toString());
  }
}
