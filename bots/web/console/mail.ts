// Messages of ours on their way: each is sent under its own ID until the server
// has it, one after another within a dialog, over failures, reloads and a
// session that ran out. The same ID is taken once, so nothing arrives twice.

import { Failure, type Api } from "./api";
import { nameOf } from "./protocol";
import type { Store } from "./store";
import type { Unsent } from "./state";

const SHORTEST = 1_000, LONGEST = 15_000;

export class Mail {
  private under = new Map<string, Promise<void>>();
  private tries = 0;
  private timer = 0;

  constructor(
    private readonly api: Api, private readonly store: Store,
    /** A message stands in the log now, or never will. */
    private readonly settled: (unsent: Unsent) => void,
  ) {}

  post(unsent: Unsent): void {
    this.store.dispatch({ do: "post", unsent });
    void this.flush();
  }

  /** Tries a refused message again: it was not taken, so its ID is free. */
  again(id: string): void {
    this.store.dispatch({ do: "posted", id, change: { state: "late", error: "" } });
    void this.flush();
  }

  /** What is under way for a dialog: a log that is read after it shows nothing twice. */
  async quiet(conversation: string): Promise<void> {
    await this.under.get(conversation);
  }

  /** Sends whatever waits, the dialogs side by side. */
  async flush(): Promise<void> {
    clearTimeout(this.timer);
    const waiting = new Set(this.waiting().map((unsent) => unsent.conversation));
    await Promise.all([...waiting].map((conversation) => {
      const sending = this.under.get(conversation) ?? this.sendAll(conversation).finally(() => this.under.delete(conversation));
      this.under.set(conversation, sending);
      return sending;
    }));
  }

  private waiting(): Unsent[] {
    return this.store.state.outbox.filter((unsent) => !unsent.position && unsent.state !== "refused");
  }

  private async sendAll(conversation: string): Promise<void> {
    for (;;) {
      const unsent = this.waiting().find((unsent) => unsent.conversation === conversation);
      if (!unsent || this.store.state.session !== "in") return;
      if (!await this.send(unsent)) return;
    }
  }

  private async send(unsent: Unsent): Promise<boolean> {
    const change = (change: Partial<Unsent>) => this.store.dispatch({ do: "posted", id: unsent.id, change });
    change({ state: "sending" });
    try {
      const { position } = unsent.kind === "note"
        ? await this.api.note(unsent.conversation, { id: unsent.id, text: unsent.text })
        : await this.api.say(unsent.conversation, {
          id: unsent.id, text: unsent.text, files: unsent.files.map((file) => file.i), choices: unsent.choices,
        });
      this.tries = 0;
      change({ position });
      this.settled(unsent);
      return true;
    } catch (error) {
      const failure = error instanceof Failure ? error : new Failure(0, "network");
      if (failure.passing || failure.status === 401) {
        change({ state: "late" });
        this.later(failure.retryAfter * 1000);
        return false;
      }
      change({ state: "refused", error: failure.code === "not_holder" ? `not_holder ${nameOf(failure.body.by)}` : failure.code || "refused" });
      this.settled(unsent);
      return true;
    }
  }

  private later(asked: number): void {
    clearTimeout(this.timer);
    const wait = asked || Math.min(LONGEST, SHORTEST * 2 ** this.tries++);
    this.timer = setTimeout(() => void this.flush(), wait);
  }
}
