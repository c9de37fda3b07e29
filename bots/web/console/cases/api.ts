// The requests about cases of bots/console/api.md.

import type { Api } from "../api";
import type { Attachment } from "../state";
import { bring } from "../uploads";

/** Words that the server says, by language. */
export type Text = Record<"ru" | "en", string>;
export interface Named { code: string; name: Text }
export interface Person { id: number; name: string }
export interface Colleague extends Person { roles: string[]; teams: string[] }

/** What hardly changes: names, and who and what there is to choose from. */
export interface Book {
  kinds: Named[];
  categories: (Named & { kind: string; offered: boolean })[];
  /** role: whose queue it is, if it is no direction's. */
  queues: (Named & { role: string })[];
  functions: Named[];
  territories: Named[];
  states: Named[];
  events: Named[];
  publication: Named[];
  work: Named[];
  clocks: Named[];
  resolutions: Named[];
  /** Organisations that can help with what is not our business. */
  /** turn: the line of a letter that sends somebody there. */
  addressees: (Named & { about: Text; turn: Text })[];
  people: Colleague[];
  /** After how many days without a step a case is stalled. */
  stalled_days: number;
  /** The parts that the one who reads plays, the widest first. */
  hats: Hat[];
  /** Letters can be seen as they will be printed. */
  paper: boolean;
}
/** Over all cases; for the kinds that one answers for; in one's queues. */
export type Hat = "watch" | "keep" | "direct";
/** The frame of an answer, with {body} where the answer goes. */
export interface Template { event: string; lang: "ru" | "en"; text: string }

export const tabs = ["check", "waiting", "work", "prepared", "overdue", "stalled", "mine", "all", "answered", "closed", "refund"] as const;
export type Tab = (typeof tabs)[number];
export interface Counts { tabs: Partial<Record<Tab, number>> }

/** Narrows a tab; empty parts fit all. */
export interface Wanted { hat: Hat | ""; tab: Tab; kind: string; category: string; territory: string; queue: string; person: string }

/** A case in a list. */
export interface Row {
  number: string; kind: string; category: string; territory: string; state: string; resolution: string; queue: string;
  keeper: Person | null; assignee: Person | null;
  registered: string; moved: string;
  /** The first moment that is too late; null when nothing is owed. */
  due: string | null;
  /** What is waited for, what ends first standing first. */
  waits: Wait[];
  stalled: boolean;
  /** What is to be done about it by the one who reads. */
  work: string[];
}
/** A clock that runs, or stands still since paused. */
export interface Wait { clock: string; at: string; paused: string | null }
export interface Page { cases: Row[]; next: string }

export interface Clock {
  clock: string; from: string; at: string; last: string; legal: string;
  paused: string | null; met: string | null; why: Text[];
}
export interface FileOf { id: string; name: string; type: string; ready: boolean; failed: boolean }
export interface Answer {
  field: string; label: Text; type: string;
  /** What he said, as people read it; empty while a secret is hidden. */
  values: Text[];
  files: FileOf[];
  secret: boolean;
  /** It is there and not shown. */
  hidden: boolean;
  missing: boolean;
  /** He does not know it himself: somebody else is to find it out. */
  unsure: boolean;
  /** What a choice is of. */
  options: Named[];
}
export interface Action { id: number; what: string; by: Person; opened: string; finished: string | null; result: string }
/** until: it waits for the morning; again: it failed and is to be sent again; more: it has gone, and can go once more; by_hand: a person posts it, and says so. */
export interface Sending { way: string; name: Text; attempt: number; state: "queued" | "sent" | "failed"; at: string; until?: string; why: string; again: boolean; more: boolean; by_hand: boolean }
/** final: when it was given to the customer; null: a draft. */
export interface Reply { id: string; nth: string; at: string; by: Person; text: string; final: string | null; sent: Sending[]; ways: Way[]; files: Enclosed[] }
/** A way by which an answer can go that has not reached the customer; to: the address that he has said in the field, "": none yet. */
export interface Way { code: string; name: Text; field: string; to: string }
/** A file that goes with an answer; lost: erased since. */
export interface Enclosed { id: string; name: string; type: string; size: number; lost: boolean }
/** replaced: other times were proposed or agreed since; refund: money went back, or is to, in place of an event. */
export interface Step {
  replaced?: boolean; refund?: boolean; at: string; by: Person | null; role: string; event: string; publication: string;
  from: string; to: string; note: string; details: { name: Text; value: Text }[];
}
export interface Task { id: number; work: string; person: Person | null; queue: string; role: string; since: string; clock?: string; own: boolean }

/** owed: it has to go back; returnable: by the one who reads. */
export interface Fee { price: number; payments: { number: string; sum: number; state: "paid" | "refunded" | "disputed"; at: string; owed: boolean; returnable: boolean }[] }

export interface Case extends Row {
  revision: number;
  audience: string; channel: string;
  clocks: Clock[];
  extended: boolean; reopened: number; rating: number;
  answers: Answer[];
  actions: Action[];
  proposed: string[]; agreed: string | null;
  reply: string; replies: Reply[];
  other: string;
  about: Person[];
  history: Step[];
  tasks: Task[];
  /** What the one who reads may cause now. */
  possible: string[];
  /** By which channel the customer is asked, how he wants the answer, in words and as codes. */
  contact: Ways; answer_way: Ways;
  files: FileOf[];
  templates: Template[];
  /** Where the table sends it; absent when it cannot be routed now. */
  route?: Route;
  /** What the ordered service costs, in kopecks, and what was paid; absent where nothing is paid before. */
  fee?: Fee;
  /** The dialog, for those who may read dialogs. */
  conversation?: string;
}
export interface Ways { code: string; name: Text; to: string }
/** vacant: queues in which nobody can work on the case; own: the queue is that of who keeps it, who need not route it. */
export interface Route { queue: string; people: Person[]; why: Text[]; vacant: string[]; own: boolean }

/** An event with what belongs to it. */
export interface Do {
  id: string; revision: number; event: string;
  note?: string; way?: string; category?: string; territory?: string; answers?: Record<string, string[]>; queue?: string; unmanned?: boolean; waive?: boolean; person?: number;
  /** The answer that goes with it, by its ID. */
  reply?: string;
  links?: string[]; addressee?: string; other?: string; day?: string; times?: string[]; time?: string; action?: number;
  /** The answer has gone that way already, and is meant to go twice. */
  again?: boolean;
}
export interface Article { slug: string; title: string; address: string }
/** What lies with somebody; null: with nobody yet. since: from when the customer waits who waits longest. */
export interface Load { person: Person | null; gone: boolean; open: number; overdue: number; stalled: number; since: string | null }
/** What lies in a queue, or with the keepers of a kind before it is routed. */
export interface Place { queue: string; kind: string; open: number; overdue: number; free: number }
export interface Monitor { open: number; overdue: number; stalled: number; since: string | null; people: Load[]; places: Place[]; stalled_days: number }
/** present: "", "now", "all"; absent and about are numbers of staff with commas between them. */
export interface Ask { function: string; territory: string; day: string; present: string; absent: string; about: string }
/** Whoever has given a case away may see it no more. */
export type Done = Case | { gone: true };

export class Cases {
  constructor(private readonly api: Api) {}

  book(): Promise<Book> { return this.api.get("cases/book"); }
  counts(hat: Hat | ""): Promise<Counts> { return this.api.get("cases/counts?" + query({ hat })); }
  list(wanted: Wanted, after: string): Promise<Page> { return this.api.get("cases?" + query({ ...wanted, after })); }
  monitor(): Promise<Monitor> { return this.api.get("cases/monitor"); }
  route(ask: Ask): Promise<Route> { return this.api.get("cases/route?" + query({ ...ask })); }
  articles(q: string, lang: string): Promise<{ articles: Article[] }> { return this.api.get("cases/articles?" + query({ q, lang })); }

  /** Reads a case; again: it is open already, and only looked at once more. */
  one(number: string, again = false): Promise<Case> { return this.api.get(at(number) + (again ? "?again=1" : "")); }
  do(number: string, what: Do): Promise<Done> { return this.api.post(at(number) + "/do", what); }
  finish(number: string, task: number): Promise<Done> { return this.api.post(`${at(number)}/tasks/${task}/finish`); }
  /** Has the bank give a payment back. */
  refund(number: string, payment: string): Promise<Done> { return this.api.post(`${at(number)}/payments/${payment}/refund`); }
  reveal(number: string, field: string, reason: string): Promise<{ values: Text[] }> { return this.api.post(at(number) + "/reveal", { field, reason }); }
  /** Keeps an answer: a new one, or in the place of a draft. */
  save(number: string, id: string, text: string, files: string[]): Promise<{ id: string }> { return this.api.post(at(number) + "/replies", { id, text, files }); }
  /** Brings a file that is to go with an answer; it says how far it is. */
  enclose(number: string, file: File, say: (change: Partial<Attachment>) => void) { return bring(this.api, this.api.enclosures, ["case", number], file, say); }
  enclosure(number: string, nth: string, k: number): Promise<Blob> { return this.api.blob("GET", `${at(number)}/replies/${nth}/files/${k}`); }
  paper(number: string, nth: string): Promise<Blob> { return this.api.blob("POST", `${at(number)}/replies/${nth}/paper`); }
  file(number: string, id: string): Promise<Blob> { return this.api.blob("GET", `${at(number)}/files/${encodeURIComponent(id)}`); }
}

const at = (number: string): string => "cases/" + encodeURIComponent(number);

function query(values: Record<string, string>): string {
  return new URLSearchParams(Object.entries(values).filter(([, value]) => value)).toString();
}
