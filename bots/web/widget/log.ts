// The log on the screen: rows in the order of positions, what is not
// acknowledged at the end, days and speakers told apart.

import type { Pending } from "./conversation";
import { drawing, el } from "./lent";
import { blocks, choices, plain, type Acts } from "./message";
import { compare, type Entry, type Expected, type Position } from "./protocol";
import type { Key } from "./words";

interface Row {
  key: string; // position, or the ID of a pending message
  at: Date;
  speaker: string; // "" is the customer
  node: HTMLElement;
  day: HTMLElement;
  mark?: HTMLElement;
  entry?: Entry;
  pending?: Pending;
}

export interface LogActs extends Acts {
  retry(id: string): void;
  discard(id: string): void;
  earlier(): void;
}

/** Messages of one speaker within this time stand together. */
const TOGETHER = 300_000;
/** Nearer to the end than this, the log follows what comes. */
const NEAR = 80;
const MARKS = {
  sending: "M12 7v5l3 2M12 3a9 9 0 1 1 0 18 9 9 0 0 1 0-18z",
  accepted: "M5 12.5 10 17.5 19 7",
  seen: "M2 12.5 7 17.5 16 7M11.5 16.5l1 1L22 7",
};

export class Log {
  readonly node: HTMLElement;
  readonly #rows: Row[] = [];
  readonly #more: HTMLButtonElement;
  readonly #dots: HTMLElement;
  readonly #down: HTMLButtonElement;
  readonly #scroller: HTMLElement;
  readonly #list = el("div", { class: "list" });
  #fade = 0;
  #follows = true; // the end is in sight, so the log follows it
  #top = 0;
  #begun: Element | undefined; // the long answer whose beginning was shown
  #seenTo: Position = "";

  constructor(private readonly acts: LogActs, private readonly intro: HTMLElement) {
    const say = acts.words.say;
    this.#more = el("button", { type: "button", class: "earlier", hidden: true, click: () => acts.earlier() }, say("earlier"));
    this.#dots = el("div", { class: "dots", hidden: true, "aria-label": say("typing"), role: "img" }, "•••");
    this.#down = el("button", {
      type: "button", class: "down", hidden: true, "aria-label": say("newest"), click: () => this.toEnd(),
    }, drawing("M6 9l6 6 6-6"));
    this.#scroller = el("div", {
      class: "log", role: "log", tabindex: 0, "aria-live": "polite", "aria-label": say("messages"),
      scroll: () => this.#scrolled(),
    }, this.#more, intro, this.#list, this.#dots);
    this.node = el("div", { class: "frame" }, this.#scroller, this.#down);
    const sizes = new ResizeObserver(() => this.#follow());
    sizes.observe(this.#scroller);
    sizes.observe(this.#list); // pictures come later than their message
  }

  /** Shows entries; older ones do not move what is on the screen. */
  add(entries: Entry[], older: boolean): void {
    const { scrollHeight, scrollTop } = this.#scroller;
    if (older) this.#scroller.setAttribute("aria-live", "off");
    for (const entry of entries) {
      this.#insert(entry.position, entry.at, { speaker: entry.kind === "out" ? entry.by : "", entry });
    }
    this.#hideDots();
    this.#settle();
    if (older) {
      this.#scroller.scrollTop = scrollTop + this.#scroller.scrollHeight - scrollHeight;
      setTimeout(() => this.#scroller.setAttribute("aria-live", "polite"), 500);
    } else {
      this.#down.hidden = this.#follows;
      this.#follow();
    }
  }

  /** Shows a message that is on its way, or how it fares now. */
  pending(pending: Pending): void {
    const known = this.#rows.find((row) => row.key === pending.frame.id);
    if (known) this.#draw(known);
    else if (pending.text) {
      this.#insert(pending.frame.id, pending.at, { speaker: "", pending });
      this.toEnd();
    }
    this.#settle();
  }

  remove(key: string): void {
    const at = this.#rows.findIndex((row) => row.key === key);
    if (at < 0) return;
    this.#rows[at]?.node.remove();
    this.#rows.splice(at, 1);
    this.#arrange(at);
    this.#settle();
  }

  clear(): void {
    for (const row of this.#rows.splice(0)) row.node.remove();
    this.#seenTo = "";
    this.#settle();
  }

  showMore(more: boolean): void { this.#more.hidden = !more; }

  seen(to: Position): void {
    this.#seenTo = to;
    for (const row of this.#rows) if (row.mark && row.entry) this.#paintMark(row);
  }

  typing(): void {
    this.#dots.hidden = false;
    this.#follow();
    clearTimeout(this.#fade);
    this.#fade = setTimeout(() => this.#hideDots(), 5000);
  }

  /** What kind of answer the last message waits for. */
  get expected(): Expected {
    const last = this.#rows.slice(-1)[0]?.entry;
    return last?.kind === "out" ? last.message.e ?? "" : "";
  }

  /** Follows the log to its end; once to the beginning of an answer that is longer than the screen. */
  #follow(): void {
    if (!this.#follows) return;
    this.toEnd();
    const node = [...this.#list.querySelectorAll<HTMLElement>(".row:not(.joined)")].pop();
    if (!node?.matches(".ours") || node === this.#begun || node.offsetTop >= this.#top) return;
    this.#begun = node;
    this.#follows = this.#down.hidden = false;
    this.#scroller.scrollTop = this.#top = node.offsetTop;
  }

  toEnd(): void {
    this.#follows = true;
    this.#down.hidden = true;
    this.#scroller.scrollTop = this.#scroller.scrollHeight;
    this.#top = this.#scroller.scrollTop; // whoever scrolls up within the same frame leaves from here
  }

  #scrolled(): void {
    const { scrollHeight, scrollTop, clientHeight } = this.#scroller;
    // What grows below the screen leaves the end as well, but nobody has scrolled up.
    if (scrollHeight - scrollTop - clientHeight < NEAR) this.#follows = true;
    else if (scrollTop < this.#top) this.#follows = false;
    this.#top = scrollTop;
    this.#down.hidden = this.#follows;
    if (scrollTop < NEAR && !this.#more.hidden && scrollHeight > clientHeight) this.acts.earlier();
  }

  #hideDots(): void { this.#dots.hidden = true; }

  #insert(key: string, said: string | number, of: Pick<Row, "speaker" | "entry" | "pending">): void {
    const row: Row = {
      ...of, key, at: new Date(said),
      node: el("div", { class: "row " + (of.speaker ? "ours" : "own") }), day: el("div", { class: "day" }),
    };
    let at = this.#rows.length;
    while (at > 0 && before(row, this.#rows[at - 1] as Row)) at--;
    this.#draw(row);
    this.#list.insertBefore(row.node, this.#rows[at]?.node ?? null);
    this.#rows.splice(at, 0, row);
    this.#arrange(at);
  }

  /** Sets the day line and the company of the row at i and of the next one. */
  #arrange(i: number): void {
    for (const at of [i, i + 1]) {
      const row = this.#rows[at], previous = this.#rows[at - 1];
      const sameDay = row?.at.toDateString() === previous?.at.toDateString();
      const joined = !!row && !!previous && sameDay && row.speaker === previous.speaker && +row.at - +previous.at < TOGETHER;
      previous?.node.classList.toggle("continued", joined);
      if (!row) continue;
      row.node.classList.toggle("joined", joined);
      row.day.textContent = sameDay ? "" : this.acts.words.day(row.at);
    }
  }

  #draw(row: Row): void {
    const { entry, pending, speaker } = row;
    const words = this.acts.words;
    const meta = el("div", { class: "meta" }, el("time", { datetime: row.at.toISOString() }, words.time(row.at)));
    const bubble = el("div", { class: "bubble" });
    const parts: (Node | undefined)[] = [row.day];
    const named = !!speaker && speaker !== "bot";
    if (named) parts.push(el("div", { class: "who", "aria-hidden": "true" }, speaker));
    bubble.append(el("span", { class: "hidden" }, (speaker ? named ? speaker : words.say("assistant") : words.say("you")) + ": "));
    parts.push(bubble);
    if (entry?.kind === "out") {
      const { b = [], c = [], f = [] } = entry.message;
      bubble.append(...blocks(b, this.acts));
      if (f.length) bubble.append(this.acts.files(f));
      const offered = choices(c, entry.position, this.acts);
      if (offered) parts.push(offered);
    } else {
      const text = entry ? entry.text : pending?.text;
      if (text) bubble.append(plain(text));
      if (entry?.files?.length) bubble.append(this.acts.files(entry.files));
      if (!text && entry?.did === "location") bubble.append(plain(words.say("place")));
      if (entry?.did === "edited") meta.prepend(words.say("edited") + " ");
      row.mark = el("span", { class: "mark" });
      meta.append(row.mark);
      this.#paintMark(row);
    }
    bubble.append(meta);
    if (pending?.state === "late" || pending?.state === "failed") parts.push(this.#trouble(pending));
    row.node.classList.toggle("failed", pending?.state === "failed");
    row.node.replaceChildren(...parts.filter((part): part is Node => !!part));
  }

  #paintMark(row: Row): void {
    const seen = row.entry && compare(row.entry.position, this.#seenTo) <= 0;
    const state = row.pending?.state ?? (seen ? "seen" : "accepted");
    const look = state === "late" || state === "failed" ? "sending" : state;
    row.mark?.replaceChildren(drawing(MARKS[look]), el("span", { class: "hidden" }, this.acts.words.say(state)));
  }

  #trouble({ frame, state, error }: Pending): HTMLElement {
    const say = this.acts.words.say;
    // Reasons are named in the catalogue as in the protocol.
    const reason = this.acts.words.catalogue[error as Key];
    return el("div", { class: "trouble" },
      say(state === "late" ? "late" : "failed") + (reason ? ". " + reason : ""),
      el("span", { class: "acts" },
        el("button", { type: "button", click: () => this.acts.retry(frame.id) }, say("retry")),
        state === "failed" && el("button", { type: "button", click: () => this.acts.discard(frame.id) }, say("discard"))));
  }

  /**
   * Offers the answers of the newest question alone, until one of them was
   * taken, by press or by its words: it then stands in the log as said. What is
   * said beside the question leaves it open, as on the server.
   */
  #settle(): void {
    let open: HTMLButtonElement[] = [];
    const offer = (answers: HTMLButtonElement[]) => {
      for (const button of open) button.disabled = true;
      for (const button of open = answers) button.disabled = false;
    };
    for (const { entry, pending, node } of this.#rows) {
      if (entry?.kind === "out") {
        const answers = [...node.querySelectorAll<HTMLButtonElement>("[data-answer]")];
        if (answers.length) offer(answers);
      } else {
        const said = (entry ?? pending)?.text?.toLowerCase();
        if (open.some((button) => button.textContent?.toLowerCase() === said)) offer([]);
      }
    }
    this.intro.hidden = this.#rows.length > 0 || !this.#more.hidden;
  }
}

function before(a: Row, b: Row): boolean {
  if (a.pending || b.pending) return !a.pending && !!b.pending;
  return compare(a.key, b.key) < 0;
}
