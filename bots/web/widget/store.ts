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
    this.#drop(this.key + ".read");
    this.#set("", visitor);
  }

  keep(message: Kept): void { this.#set(".m." + message.frame.id, JSON.stringify(message)); }
  forget(id: string): void { this.#drop(this.key + ".m." + id); }

  /** The unacknowledged messages of all tabs, oldest first. */
  unsent(): Kept[] {
    const kept: Kept[] = [];
    for (const name of this.#names()) {
      if (!name.startsWith(this.key + ".m.")) continue;
      try {
        const message = JSON.parse(localStorage.getItem(name) ?? "") as Kept;
        if (typeof message.frame.id === "string" && typeof message.at === "number") kept.push(message);
      } catch { this.#drop(name); }
    }
    return kept.sort((a, b) => a.at - b.at);
  }

  /** Calls back when another tab has changed the visitor or what he has read. */
  watch(changed: () => void): void {
    addEventListener("storage", (event) => {
      if (event.key === null || event.key === this.key || event.key === this.key + ".read") changed();
    });
  }

  #names(): string[] {
    try {
      return Object.keys(localStorage).filter((name) => name === this.key || name.startsWith(this.key + "."));
    } catch { return []; }
  }

  // A browser may forbid storage or have none left: the chat then lives as
  // long as its page.
  #get(name: string): string {
    try { return localStorage.getItem(this.key + name) ?? ""; } catch { return ""; }
  }
  #set(name: string, value: string): void {
    try { localStorage.setItem(this.key + name, value); } catch { /* see above */ }
  }
  #drop(name: string): void {
    try { localStorage.removeItem(name); } catch { /* see above */ }
  }
}
