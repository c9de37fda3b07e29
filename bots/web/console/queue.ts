// What follows from the queue. Pure.

import { compare, type Handoff, type Position, type Queue } from "./protocol";
import { inOrder } from "./state";

export type Age = "fresh" | "late" | "overdue";

const MINUTE = 60_000;
/** Who waits longer than this begins to leave; twice the widget's «ответим в течение пары минут». */
const LATE = 2 * MINUTE;
const OVERDUE = 5 * MINUTE;

export function age(since: string, now: number): Age {
  const waited = now - Date.parse(since);
  return waited >= OVERDUE ? "overdue" : waited >= LATE ? "late" : "fresh";
}

/** What an operator should hear of when one reading of the queue follows another. */
export function news(before: Queue | undefined, after: Queue): { arrived: Handoff[]; spoke: Handoff[] } {
  if (!before) return { arrived: [], spoke: [] };
  const known = new Set(inOrder(before).map((handoff) => handoff.id));
  const unread = new Map(before.mine.map((handoff) => [handoff.id, handoff.unread ?? 0]));
  return {
    arrived: after.waiting.filter((handoff) => !known.has(handoff.id)),
    spoke: after.mine.filter((handoff) => unread.has(handoff.id) && (handoff.unread ?? 0) > (unread.get(handoff.id) ?? 0)),
  };
}

/** The dialog as the new queue has it: the same hand-off, a newer one of the same customer, or none any more. */
export function refresh(selected: Handoff | undefined, queue: Queue): Handoff | undefined {
  if (!selected) return undefined;
  const all = inOrder(queue);
  return all.find((handoff) => handoff.id === selected.id)
    ?? all.find((handoff) => handoff.conversation === selected.conversation)
    ?? { ...selected, state: "closed", held_by: null };
}

/** Unread messages, less what has been before the operator's eyes. */
export function unread(handoff: Handoff, seen: Record<string, Position>): number {
  const position = seen[handoff.conversation];
  return position && compare(handoff.position, position) <= 0 ? 0 : handoff.unread ?? 0;
}

/** The dialog `by` places away in the list, staying within it. */
export function neighbour(queue: Queue | undefined, selected: Handoff | undefined, by: number): Handoff | undefined {
  const all = inOrder(queue);
  const at = all.findIndex((handoff) => handoff.id === selected?.id);
  if (at < 0) return by > 0 ? all[0] : all.at(-1);
  return all[Math.min(all.length - 1, Math.max(0, at + by))];
}

export type Wait = { unit: "now" | "minutes" | "hours"; n: number; minutes: number };

/** How long somebody has waited, in words' terms. */
export function waited(since: string, now: number): Wait {
  const minutes = Math.max(0, Math.floor((now - Date.parse(since)) / MINUTE));
  if (minutes < 1) return { unit: "now", n: 0, minutes: 0 };
  if (minutes < 60) return { unit: "minutes", n: minutes, minutes };
  return { unit: "hours", n: Math.floor(minutes / 60), minutes: minutes % 60 };
}
