// Reads what is said in conversations, each one at a time: what follows what is
// known, and what came before it.

import type { Api } from "./api";
import { readFrom, saidAfter } from "./log";
import type { Mail } from "./mail";
import { compare, type Entry, type Position } from "./protocol";
import type { Store } from "./store";
import { say } from "./words";

export class LogReader {
  private reading = new Map<string, Promise<void>>();

  constructor(private readonly api: Api, private readonly store: Store, private readonly mail: Mail) {}

  /** Reads what follows what is known; the last page of an unknown log. */
  read(conversation: string): Promise<void> {
    const under = this.reading.get(conversation);
    // What happened since that one began may have escaped it.
    const reading = (under ?? Promise.resolve()).then(() => this.readOn(conversation)).finally(() => {
      if (this.reading.get(conversation) === reading) this.reading.delete(conversation);
    });
    this.reading.set(conversation, reading);
    return reading;
  }

  private async readOn(conversation: string): Promise<void> {
    await this.mail.quiet(conversation);
    this.store.dispatch({ do: "read", conversation, earlier: false });
    const known = this.store.state.logs[conversation]?.entries.at(-1)?.position ?? "";
    try {
      let after = readFrom(this.store.state.logs[conversation]?.entries ?? []);
      for (;;) {
        const page = await this.api.log(conversation, { after });
        this.store.dispatch({ do: "page", conversation, entries: page.entries, where: after ? "after" : "last", more: page.more });
        if (after) this.readOut(conversation, page.entries, known);
        const last = page.entries.at(-1)?.position;
        if (!after || !page.more || !last) break;
        after = last;
      }
      this.look();
    } catch {
      this.store.dispatch({ do: "unread", conversation });
    }
  }

  /** Lets a screen reader say what the customer of the open dialog wrote. */
  private readOut(conversation: string, entries: Entry[], known: Position): void {
    const { selected } = this.store.state;
    const said = saidAfter(entries, known).at(-1);
    if (said && selected?.conversation === conversation) {
      this.store.dispatch({ do: "announce", text: say("heardText", { name: selected.customer, text: said.text ?? say("file") }) });
    }
  }

  async earlier(conversation: string): Promise<void> {
    const log = this.store.state.logs[conversation];
    const first = log?.entries[0];
    if (!log?.more || log.earlier || !first) return;
    this.store.dispatch({ do: "read", conversation, earlier: true });
    try {
      const page = await this.api.log(conversation, { before: first.position });
      this.store.dispatch({ do: "page", conversation, entries: page.entries, where: "before", more: page.more });
    } catch {
      this.store.dispatch({ do: "unread", conversation });
    }
  }

  /** The open dialog is before the operator's eyes, if the page is. */
  look(): void {
    const { selected, logs } = this.store.state;
    if (!selected || document.hidden) return;
    const last = logs[selected.conversation]?.entries.at(-1)?.position ?? "";
    const position = compare(last, selected.position) > 0 ? last : selected.position;
    if (last) this.store.dispatch({ do: "see", conversation: selected.conversation, position });
  }
}
