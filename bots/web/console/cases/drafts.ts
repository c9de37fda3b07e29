// What is typed into the form of an action outlives a refusal, a stale page, a
// reload and an end of the session; it goes when it has been taken.

import { useState } from "preact/hooks";
import type { Attachment } from "../state";

const PREFIX = "okoshko.case.";
const place = (staff: number, number: string, event: string): string => `${PREFIX}${staff}.${number}.${event}`;

export interface Typed {
  note: string; text: string; way: string; category: string; territory: string; queue: string; unmanned: boolean; waive: boolean; person: string;
  links: { slug: string; title: string }[]; addressee: string; other: string; day: string; times: string[]; action: string;
  answers: Record<string, string>;
  /** What goes with the answer; undefined until somebody has looked at the draft. */
  files: Attachment[] | undefined;
  /** The draft of the answer, once the server keeps it. */
  reply: string;
  /** The event's own ID, kept over repeats: what was taken once is not done twice. */
  id: string;
}

export const nothing: Typed = {
  note: "", text: "", way: "", category: "", territory: "", queue: "", unmanned: false, waive: false, person: "", links: [], addressee: "", other: "", day: "", times: [""],
  action: "", answers: {}, files: undefined, reply: "", id: "",
};

export const useTyped = (staff: number, number: string, event: string) =>
  useKept(staff, number, event, nothing, (typed) => ({ ...typed, ...(typed.files && { files: typed.files.filter(({ state }) => state === "ready") }) }));

/** What changes of what is typed; or how it follows from what there was. */
export type Change<T> = Partial<T> | ((old: T) => Partial<T>);

/** What somebody types into a form of a case, begun with what the form has.
 * lasting: what of it outlives the page. */
export function useKept<T extends object>(staff: number, number: string, form: string, empty: T, lasting = (typed: T): T => typed): [T, (change: Change<T>) => void, () => void] {
  const where = place(staff, number, form);
  const [typed, set] = useState<T>(() => ({ ...empty, ...read<T>(where) }));
  const change = (next: Change<T>) => set((old) => {
    const all = { ...old, ...(typeof next === "function" ? next(old) : next) };
    try { sessionStorage.setItem(where, JSON.stringify(lasting(all))); } catch { /* a full store costs the reload, not the work */ }
    return all;
  });
  const forget = () => {
    try { sessionStorage.removeItem(where); } catch { /* nothing was kept either */ }
    set(empty);
  };
  return [typed, change, forget];
}

/** Events of a case for which something is typed and not taken. */
export function typedOf(staff: number, number: string, events: string[]): string[] {
  return events.filter((event) => { const { note, text } = read<Typed>(place(staff, number, event)); return note || text; });
}

/** Forgets what somebody who signs out has left. */
export function forgetTyped(staff: number): void {
  try {
    for (const key of Object.keys(sessionStorage)) if (key.startsWith(`${PREFIX}${staff}.`)) sessionStorage.removeItem(key);
  } catch { /* nothing was kept either */ }
}

function read<T>(where: string): Partial<T> {
  try { return JSON.parse(sessionStorage.getItem(where) ?? "{}") as Partial<T>; } catch { return {}; }
}
