// The conversation as this browser knows it: the log, what is not
// acknowledged yet, and how far the customer has read. It decides; the view
// only shows.

import { Api } from "./api";
import { Link, type Line } from "./link";
import { compare, type Entry, type InEntry, type Position, type Said, type ServerFrame, type Session } from "./protocol";
import { Store, type Kept } from "./store";

/** A message of the customer's that is not in the log yet. */
export interface Pending extends Kept {
  state: "sending" | "late" | "accepted" | "failed";
  /** Not to be sent until a timer says so. */
  rests?: boolean;
  error?: string;
}

/** A frame before it has its ID. */
export type Draft = Said extends infer F ? F extends Said ? Omit<F, "id"> : never : never;

export interface View {
  /** Entries to show: `older` ones stand before the rest, `fresh` ones were said just now. */
  entries(entries: Entry[], older: boolean, fresh: boolean): void;
  reset(): void;
  pending(pending: Pending): void;
  settled(id: string): void;
  typing(): void;
  seen(to: Position): void;
  toast(text: string): void;
  line(line: Line): void;
  more(more: boolean): void;
  unread(count: number): void;
  language(): string;
}

/** After this a message that is still on its way says so and can be pushed. */
const LATE = 20_000;
/** What was left unsent longer ago than this goes only when its author says so. */
const STALE = 3_600_000;
const TYPING = 3000;

export class Conversation {
  caps = { upload: 20 << 20, text: 4000 };
  readonly #known = new Map<Position, Entry>();
  readonly #owed = new Map<string, Pending>();
  readonly #link: Link;
  #last: Position = "";
  #first: Position = "";
  #readTo: Position = "";
  #watched = false;
  #asking = false;
  #typed = 0;
  #caught = false; // the backlog has been shown
  #whole = true; // the backlog is the last page, not what followed a position

  constructor(readonly api: Api, private readonly store: Store, private readonly view: View) {
    this.#link = new Link(api, {
      opened: (session) => this.#opened(session),
      frame: (frame) => this.#take(frame),
      line: (line) => view.line(line),
      after: () => this.#last,
      unsent: () => this.#unsent(),
      language: () => view.language(),
    });
    api.visitor = store.visitor;
    this.#readTo = store.read;
    store.watch(() => this.#follow());
    for (const kept of store.unsent()) {
      this.#hold({ ...kept, state: Date.now() - kept.at > STALE ? "failed" : "sending" });
    }
  }

  start(): void { this.#link.start(); }
  identify(jwt: string): void { this.#link.identify(jwt); }

  /** Says something; `text` is what stands for it until it is in the log. */
  say(draft: Draft, text: string): string {
    const id = newID();
    const pending: Pending = { frame: { ...draft, id } as Said, at: Date.now(), text, state: "sending" };
    if (this.api.visitor && !this.store.visitor) this.store.become(this.api.visitor);
    this.store.keep(pending);
    this.#hold(pending);
    this.#link.start();
    this.#link.send(pending.frame);
    return id;
  }

  /** Sends a message that failed once more; one that is late gets a new connection. */
  retry(id: string): void {
    const pending = this.#owed.get(id);
    if (!pending) return;
    if (pending.error) { // the server has refused this ID for good
      this.discard(id);
      this.say(pending.frame, pending.text);
    } else {
      this.#mark(pending, "sending");
      this.#link.restart();
    }
  }

  discard(id: string): void {
    this.#owed.delete(id);
    this.store.forget(id);
    this.view.settled(id);
  }

  /** The language of the page has changed: the view is new and wants everything again. */
  speak(language: string): void {
    const entries = [...this.#known.values()].sort((a, b) => compare(a.position, b.position));
    if (entries.length) this.view.entries(entries, false, false);
    for (const pending of this.#owed.values()) this.view.pending(pending);
    if (this.store.visitor) this.say({ t: "language", language }, "");
    else this.#link.restart(); // a session that has not begun is opened in the new one
  }

  typing(): void {
    if (Date.now() - this.#typed < TYPING || !this.store.visitor) return;
    this.#typed = Date.now();
    this.#link.send({ t: "typing" });
  }

  earlier(): void {
    if (this.#asking || !this.#first) return;
    this.#asking = true;
    this.#link.send({ t: "page", before: this.#first });
  }

  /** Whether the customer is looking: what comes is then read at once. */
  watch(watched: boolean): void {
    this.#watched = watched;
    this.#countUnread();
  }

  #opened(session: Session): void {
    if (session.visitor) {
      if (this.api.visitor) this.#forget(); // the server no longer knows who we were
      this.api.visitor = session.visitor;
      if (this.#owed.size || this.store.visitor) this.store.become(session.visitor);
    }
    this.caps = session.caps;
  }

  #take(frame: ServerFrame): void {
    switch (frame.t) {
      case "entry":
        return this.#add([frame], false);
      case "page":
        this.#asking = false;
        this.#add(frame.entries, true);
        return this.view.more(!!frame.more);
      case "reset":
        return this.#forget();
      case "live":
        this.#asking = false;
        this.#caught = true;
        if (this.#whole) this.view.more(!!frame.more);
        this.#whole = false;
        return this.#countUnread();
      case "ack":
        if (frame.toast) this.view.toast(frame.toast);
        return this.#accept(frame.id, frame.position);
      case "nack":
        return this.#refuse(frame.id, frame.error, frame.retry_after);
      case "typing":
        return this.view.typing();
      case "seen":
        return this.view.seen(frame.to);
    }
  }

  #add(entries: Entry[], older: boolean): void {
    const fresh = entries.filter((entry) => !this.#known.has(entry.position));
    for (const entry of fresh) {
      this.#known.set(entry.position, entry);
      if (!this.#first || compare(entry.position, this.#first) < 0) this.#first = entry.position;
      if (compare(entry.position, this.#last) > 0) this.#last = entry.position;
      if (entry.kind === "in" && entry.id) this.discard(entry.id);
    }
    if (!fresh.length) return;
    this.view.entries(fresh, older, this.#caught && !older);
    if (!older) this.#countUnread();
  }

  #accept(id: string, position: Position): void {
    const pending = this.#owed.get(id);
    this.store.forget(id);
    if (!pending) return;
    // What stands nowhere is done; the rest waits for its entry.
    const logged = [...this.#known.values()].some((entry) => (entry as InEntry).id === id);
    if (logged || !position) this.discard(id);
    else this.#mark(pending, "accepted");
  }

  #refuse(id: string, error: string, after?: number): void {
    const pending = this.#owed.get(id);
    if (!pending) return;
    if (after === undefined) {
      pending.error = error;
      return this.#mark(pending, "failed");
    }
    pending.rests = true;
    setTimeout(() => {
      pending.rests = false;
      if (this.#owed.has(id)) this.#link.send(pending.frame);
    }, after * 1000);
  }

  #hold(pending: Pending): void {
    const id = pending.frame.id;
    this.#owed.set(id, pending);
    this.view.pending(pending);
    setTimeout(() => {
      if (this.#owed.get(id) === pending && pending.state === "sending") this.#mark(pending, "late");
    }, LATE);
  }

  #mark(pending: Pending, state: Pending["state"]): void {
    pending.state = state;
    this.view.pending(pending);
  }

  #unsent(): Said[] {
    return [...this.#owed.values()]
      .filter(({ state, rests }) => (state === "sending" || state === "late") && !rests)
      .map(({ frame }) => frame);
  }

  /** Drops what came from the server; what is owed stays. */
  #forget(): void {
    this.#known.clear();
    this.#last = this.#first = "";
    this.#asking = this.#caught = false;
    this.#whole = true;
    this.view.reset();
    this.view.more(false);
    for (const pending of this.#owed.values()) this.view.pending(pending);
  }

  /** Another tab became somebody, was erased, or has read on. */
  #follow(): void {
    if (compare(this.store.read, this.#readTo) > 0) this.#readTo = this.store.read;
    const visitor = this.store.visitor;
    if (visitor !== this.api.visitor && (visitor || this.#known.size)) {
      this.api.visitor = visitor;
      this.#readTo = this.store.read;
      this.#forget();
      this.#link.restart();
    }
    this.#countUnread();
  }

  #countUnread(): void {
    if (this.#watched && compare(this.#last, this.#readTo) > 0) {
      this.#readTo = this.store.read = this.#last;
      this.#link.send({ t: "read", to: this.#last });
    }
    let unread = 0;
    for (const entry of this.#known.values()) {
      if (entry.kind === "out" && compare(entry.position, this.#readTo) > 0) unread++;
    }
    this.view.unread(unread);
  }
}

function newID(): string {
  return crypto.getRandomValues(new Uint32Array(4)).join("-");
}
