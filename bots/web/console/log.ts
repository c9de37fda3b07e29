// What follows from a log's entries. Pure.

import { compare, type Entry, type InEntry, type NoteEntry, type Position } from "./protocol";
import type { Unsent } from "./state";

/** Entries of both, each position once, the incoming one counting. */
export function merge(known: Entry[], incoming: Entry[]): Entry[] {
  if (!incoming.length) return known;
  const at = new Map(known.map((entry) => [entry.position, entry]));
  for (const entry of incoming) at.set(entry.position, entry);
  return [...at.values()].sort((a, b) => compare(a.position, b.position));
}

/** How far back a delivery is still watched: a page of the log. */
const WATCHED = 50;

/**
 * The position to read on from. A receipt changes an entry that stands there
 * already, so a log with messages under way is read again from before the first
 * of them; undefined means the last page.
 */
export function readFrom(entries: Entry[]): Position | undefined {
  const start = Math.max(0, entries.length - WATCHED);
  const first = entries.findIndex((entry, i) =>
    i >= start && entry.kind === "out" && entry.delivery?.state === "pending");
  if (first === 0) return undefined;
  return (first > 0 ? entries[first - 1] : entries.at(-1))?.position;
}

/** The last word is the customer's: whoever closes now leaves him without an answer. */
export function awaitsAnswer(entries: Entry[]): boolean {
  return entries.filter((entry) => entry.kind === "in" || entry.kind === "out").at(-1)?.kind === "in";
}

export function notes(entries: Entry[]): NoteEntry[] {
  return entries.filter((entry) => entry.kind === "note");
}

/** What the customer has said after a position. */
export function saidAfter(entries: Entry[], position: Position): InEntry[] {
  return entries.filter((entry) => entry.kind === "in" && compare(entry.position, position) > 0) as InEntry[];
}

/** Messages that the log does not show yet. */
export function notShown(outbox: Unsent[], conversation: string, entries: Entry[]): Unsent[] {
  const positions = new Set(entries.map((entry) => entry.position));
  const ids = new Set(entries.map((entry) => "id" in entry ? entry.id : undefined));
  return outbox.filter((unsent) => unsent.conversation === conversation
    && !positions.has(unsent.position) && !ids.has(unsent.id));
}

export type Row =
  | { kind: "day"; key: string; at: Date }
  /** joined: the same speaker within two minutes, so his name stands above already. */
  | { kind: "entry"; key: string; entry: Entry; joined: boolean };

const JOINED = 120_000;

/** The log as it is shown: days between, runs of one speaker together. */
export function rows(entries: Entry[]): Row[] {
  const list: Row[] = [];
  let before: Entry | undefined;
  for (const entry of entries) {
    const at = new Date(entry.at);
    const newDay = !before || new Date(before.at).toDateString() !== at.toDateString();
    if (newDay) list.push({ kind: "day", key: "day " + entry.position, at });
    const joined = !newDay && !!before && speaker(before) === speaker(entry)
      && (entry.kind === "in" || entry.kind === "out")
      && at.getTime() - new Date(before.at).getTime() < JOINED;
    list.push({ kind: "entry", key: entry.position, entry, joined });
    before = entry;
  }
  return list;
}

function speaker(entry: Entry): string {
  return entry.kind === "in" ? "in" : `${entry.kind} ${entry.by ?? ""}`;
}
