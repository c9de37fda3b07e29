// What is typed into the form of an action outlives a refusal, a stale page, a
// reload and an end of the session; it goes when it has been taken.

import { useState } from "preact/hooks";

const PREFIX = "okoshko.case.";
const place = (staff: number, number: string, event: string): string => `${PREFIX}${staff}.${number}.${event}`;

export interface Typed {
  note: string; text: string; way: string; category: string; queue: string; waive: boolean; person: string;
  links: { slug: string; title: string }[]; addressee: string; other: string; day: string; times: string[]; action: string;
  answers: Record<string, string>;
  /** The draft of the answer, once the server keeps it. */
  reply: string;
  /** The event's own ID, kept over repeats: what was taken once is not done twice. */
  id: string;
}

export const nothing: Typed = {
  note: "", text: "", way: "", category: "", queue: "", waive: false, person: "", links: [], addressee: "", other: "", day: "", times: [""],
  action: "", answers: {}, reply: "", id: "",
};

export const useTyped = (staff: number, number: string, event: string) => useKept(staff, number, event, nothing);

/** What somebody types into a form of a case, begun with what the form has. */
export function useKept<T extends object>(staff: number, number: string, form: string, empty: T): [T, (change: Partial<T>) => void, () => void] {
  const where = place(staff, number, form);
  const [typed, set] = useState<T>(() => ({ ...empty, ...read<T>(where) }));
  const change = (next: Partial<T>) => set((old) => {
    const all = { ...old, ...next };
    try { sessionStorage.setItem(where, JSON.stringify(all)); } catch { /* a full store costs the reload, not the work */ }
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
