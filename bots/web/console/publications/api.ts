// The requests about publications of bots/console/api.md.

import type { Api } from "../api";
import type { Named, Person } from "../cases/api";

export const stages = ["proposed", "published", "refused", "retracted"] as const;
export type Stage = (typeof stages)[number];
export type Step = "propose" | "approve" | "refuse" | "retract";

/** What everybody can read of an answer. */
export interface Excerpt { section: string; audience: string; lang: string; question: string; answer: string }

export interface Publication extends Excerpt {
  number: string; kind: string; stage: Stage;
  by: Person | null; decided: Person | null;
  at: string; published: string | null; reason: string;
}

/** What in a text tells of a person. Words are where it stands. */
export interface Finding { field: "question" | "answer"; start: number; end: number; kind: string; words: string; certain: boolean; unresolved: boolean }
/** Why a finding may stand. */
export interface Dismissal { kind: string; words: string; reason: string }

export interface List { publications: Publication[]; sections: Named[] }
export interface Sheet {
  number: string; revision: number; lang: string; audience: string;
  steps: Step[]; sections: Named[];
  publication: Publication | null;
  findings?: Finding[];
}

export class Publications {
  constructor(private readonly api: Api) {}

  list(stage: Stage): Promise<List> { return this.api.get(`publications?stage=${stage}`); }
  one(number: string): Promise<Sheet> { return this.api.get(at(number)); }
  look(number: string, draft: Excerpt, dismissed: Dismissal[]): Promise<{ findings: Finding[] }> {
    return this.api.post(`${at(number)}/look`, { ...draft, dismissed });
  }
  take(number: string, wish: { id: string; revision: number; step: Step; reason: string; dismissed: Dismissal[] } & Partial<Excerpt>): Promise<Sheet> {
    return this.api.post(at(number), wish);
  }
}

const at = (number: string): string => `publications/${encodeURIComponent(number)}`;
