// What outlives a reload of the page: settings for good, drafts and unsent
// messages for as long as the tab lives, under the name of whoever wrote them.

import { defaults, type Draft, type Settings, type State, type Unsent } from "./state";

const SETTINGS = "okoshko.console";
const place = (staff: number): string => `okoshko.console.${staff}.place`;
const desk = (staff: number): string => `okoshko.console.${staff}`;

export interface Desk { drafts: Record<string, Draft>; outbox: Unsent[] }

export function loadSettings(): Settings {
  return { ...defaults, ...read<Partial<Settings>>(localStorage, SETTINGS) };
}

export function loadDesk(staff: number): Desk {
  const saved = read<Partial<Desk>>(sessionStorage, desk(staff));
  return {
    drafts: saved.drafts ?? {},
    // Whether a request that was under way came through is not known: it goes again, under its ID.
    outbox: (saved.outbox ?? []).map((unsent) => unsent.state === "sending" ? { ...unsent, state: "late" } : unsent),
  };
}

/** Writes down what changed. A full or forbidden store costs the reload, not the work. */
export function save(state: State, before: State): void {
  if (state.settings !== before.settings) write(localStorage, SETTINGS, state.settings);
  if (state.staff && (state.drafts !== before.drafts || state.outbox !== before.outbox)) {
    write(sessionStorage, desk(state.staff.id), { drafts: kept(state.drafts), outbox: state.outbox } satisfies Desk);
  }
}

/** Drafts with something in them; a file that was not there yet cannot be taken up again. */
export function kept(drafts: Record<string, Draft>): Record<string, Draft> {
  const list = Object.entries(drafts).map(([conversation, draft]) =>
    [conversation, { ...draft, files: draft.files.filter((file) => file.state === "ready") }] as const);
  return Object.fromEntries(list.filter(([, draft]) => draft.reply || draft.note || draft.files.length || draft.choices?.length));
}

/** Where somebody works: an office, and his window there; "" and 0 if he has not said. */
export interface Place { office: string; window: number }

export function loadPlace(staff: number): Place {
  return { office: "", window: 0, ...read<Partial<Place>>(localStorage, place(staff)) };
}

export function savePlace(staff: number, at: Place): void { write(localStorage, place(staff), at); }

/** Forgets what somebody who signs out has left. */
export function forget(staff: number): void {
  try { sessionStorage.removeItem(desk(staff)); } catch { /* nothing was kept either */ }
}

function read<T extends object>(store: Storage, name: string): T {
  try { return JSON.parse(store.getItem(name) ?? "{}") as T; } catch { return {} as T; }
}

function write(store: Storage, name: string, value: object): void {
  try { store.setItem(name, JSON.stringify(value)); } catch { /* see save */ }
}
