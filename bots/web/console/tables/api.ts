// The requests about the tables by which cases live: bots/console/api.md.

import { Failure, type Api } from "../api";
import { why } from "../people/parts";

export type Texts = { ru: string; en: string };
export interface Named { code: string; name: Record<string, string> }

/** A row by its columns; `planned` is "yes" for one that does not hold yet. */
export type Row = Record<string, string>;

export interface Tables {
  revision: string; today: string;
  territories: Named[]; types: string[];
  kinds: Row[]; functions: Row[]; categories: Row[]; fields: Row[]; choices: Row[]; forms: Row[];
  terms: Row[]; alerts: Row[]; queues: Row[]; routes: Row[];
}

export interface Item { field: string; need: string }
export interface Mark { mark: string; to: string[] }

/** One change of the tables. */
export type Edit =
  | { category: { code: string; new: boolean; from: string; offered: boolean; kind: string; audience: string; function: string; place: number; name: Texts; plain: Texts; fields: Item[] } }
  | { form: { category: string; from: string; fields: Item[] } }
  | { field: { name: string; new: boolean; type: string; label: Texts; ask: Texts; hint: Texts } }
  | { term: { clock: string; kind: string; category: string; audience: string; channel: string; from: string; company: string; legal: string; law: Texts; extension: string; how: string } }
  | { alerts: { clock: string; from: string; marks: Mark[] } }
  | { route: { function: string; territory: string; from: string; queue: string } }
  | { queue: { code: string; new: boolean; name: Texts; email: string; deputy: string } }
  | { withdraw: { table: string; key: Record<string, string>; from: string } };

export interface Promised { company: string; legal: string; extension: string; how: string; last: string }
export interface Change {
  revision: string; from?: string; before: Row; after: Row; notices: string[];
  terms: { clock: string; category: string; audience: string; was: Promised | null; is: Promised | null }[];
  ways: { function: string; territory: string; was: string; is: string }[];
  asked: string[]; dropped: string[]; needed: string[]; categories: string[]; open: number; recent: number;
}

export class Keeper {
  constructor(private readonly api: Api) {}

  read(): Promise<Tables> { return this.api.get("tables"); }
  preview(revision: string, edit: Edit): Promise<Change> { return this.api.post("tables/preview", { revision, ...edit }); }
  save(revision: string, edit: Edit): Promise<Change> { return this.api.post("tables", { revision, ...edit }); }
}

/** What a refusal of an edit says: with the category that it is about. */
export function refusal(failure: unknown): string {
  const about = failure instanceof Failure ? String(failure.body.category ?? "") : "";
  return about ? `${about}: ${why(failure)}` : why(failure);
}
