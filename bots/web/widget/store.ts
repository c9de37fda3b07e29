// What the browser keeps between pages, shared by its tabs: the visitor's
// token, how far he has read, and every message that is not acknowledged yet,
// each under a key of its own so that tabs never overwrite each other.
// Nothing is written before the first message.

import type { Position, Said } from "./protocol";

export interface Kept { frame: Said; at: number; text: string }

export class Store {
  constructor(private readonly key: string) {}

  get visitor(): string { return this.#get(""); }
  get read(): Position { return this.#get(".read"); }
  set read(position: Position) { if (this.visitor) this.#set(".read", position); }

  /** From now on this browser is the visitor's, who has read nothing yet. */
  become(visitor: string): void {
    this.#drop(".read");
    this.#set("", visitor);
  }

  keep(message: Kept): void { this.#set(".m." + message.frame.id, JSON.stringify(message)); }
  forget(id: string): void { this.#drop(".m." + id); }

  /** The unacknowledged messages of all tabs, oldest first. */
  unsent(): Kept[] {
    const kept: Kept[] = [];
    const prefix = this.key + ".m.";
    for (const name of attempt(() => Object.keys(localStorage)) ?? []) {
      const message = name.startsWith(prefix) && attempt(() => JSON.parse(localStorage[name] as string) as Kept);
      if (message && message.frame?.id && message.at) kept.push(message);
    }
    return kept.sort((a, b) => a.at - b.at);
  }

  /** Calls back when another tab has changed the visitor or what he has read. */
  watch(changed: () => void): void {
    addEventListener("storage", (event) => {
      if (event.key === null || event.key === this.key || event.key === this.key + ".read") changed();
    });
  }

  #get(name: string): string { return attempt(() => localStorage.getItem(this.key + name)) ?? ""; }
  #set(name: string, value: string): void { attempt(() => localStorage.setItem(this.key + name, value)); }
  #drop(name: string): void { attempt(() => localStorage.removeItem(this.key + name)); }
}

/** A browser may forbid storage or have none left: the chat then lives as long
 * as its page. */
function attempt<T>(act: () => T): T | undefined {
  try { return act(); } catch { return undefined; }
}
