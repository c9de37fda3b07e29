// What the page does: it hears the operator and the server, asks the server,
// and tells the store. Views call it and read the state, nothing else.

import { Api, Failure, newID } from "./api";
import { focusOn } from "./focus";
import { Live } from "./live";
import { awaitsAnswer } from "./log";
import { LogReader } from "./logreader";
import { Mail } from "./mail";
import { nameOf, type FileInfo, type Handoff, type Hint, type Me, type Position } from "./protocol";
import { neighbour, news, unread } from "./queue";
import { forget, loadDesk, save } from "./saved";
import { ring } from "./sound";
import { Clerk } from "./office/clerk";
import { Cases } from "./cases/api";
import { forgetTyped } from "./cases/drafts";
import { Admin } from "./people/admin";
import { addressOf, canReply, draftOf, inOrder, key, parseAddress, type Draft, type Notice, type Section, type Unsent } from "./state";
import { Planner } from "./schedule/api";
import type { Store } from "./store";
import { Keeper } from "./tables/api";
import { Uploads } from "./uploads";
import { say, speak } from "./words";
import { keepTime } from "./zone";

/** Everything is read again this often: hints may be lost. */
const REREAD = 15_000;
const TYPING_SHOWN = 5_000, TYPING_SENT = 3_000;

export class Desk {
  readonly api = new Api();
  readonly admin = new Admin(this.api);
  readonly clerk = new Clerk(this.api);
  readonly cases = new Cases(this.api);
  readonly planner = new Planner(this.api);
  readonly keeper = new Keeper(this.api);
  readonly uploads: Uploads;
  readonly mail: Mail;
  readonly logs: LogReader;
  private readonly live: Live;
  private ahead = 0; // the server's clock minus ours, in ms
  private typed = 0;
  private timer = 0;
  private rereading: Promise<void> | undefined;

  constructor(readonly store: Store) {
    this.uploads = new Uploads(this.api, store, newID);
    this.mail = new Mail(this.api, store, (unsent) => void this.logs.read(unsent.conversation));
    this.logs = new LogReader(this.api, store, this.mail);
    this.live = new Live((hint) => this.hear(hint), (open) => {
      this.link(true);
      if (open) void this.reread();
    });
    this.api.expired = (why) => {
      if (store.state.session === "in") store.dispatch({ do: "expire", why });
      this.live.stop();
    };
    this.api.reached = (yes) => this.link(yes);
    store.watch((state, before) => {
      save(state, before);
      if (state.settings.language !== before.settings.language) void speak(state.settings.language).then(() => this.store.dispatch({ do: "tick", now: this.now() }), () => {});
    });
  }

  /** Begins: with the session that the browser has, or with its absence. */
  async open(): Promise<void> {
    addEventListener("offline", () => this.link(false));
    addEventListener("online", () => void this.reread());
    addEventListener("hashchange", () => this.followAddress());
    document.addEventListener("visibilitychange", () => {
      if (!document.hidden) void this.reread();
    });
    setInterval(() => this.store.dispatch({ do: "tick", now: this.now() }), 5_000);
    await this.resume();
  }

  private async resume(): Promise<void> {
    try {
      await this.enter(await this.api.me());
    } catch (error) {
      if (error instanceof Failure && error.passing) setTimeout(() => void this.resume(), 2_000);
      else this.store.dispatch({ do: "expire", why: error instanceof Failure ? String(error.body.why ?? "") : "" });
    }
  }

  now(): number { return Date.now() + this.ahead; }

  // ---- the session

  /** Signs in, or reports that a code is to follow; a Failure says why not. */
  async signIn(login: string, password: string): Promise<"in" | "code"> {
    const said = await this.api.signIn(login, password);
    if ("second" in said) return "code";
    await this.enter(said);
    return "in";
  }

  async signInCode(code: string): Promise<void> {
    await this.enter(await this.api.signInCode(code));
  }

  /** Reads again who is signed in: he may do more now. */
  async renew(): Promise<void> {
    await this.enter(await this.api.me());
  }

  private async enter(me: Me): Promise<void> {
    this.ahead = Date.parse(me.now) - Date.now();
    keepTime(me.zone);
    this.store.dispatch({ do: "sign in", me, ...loadDesk(me.staff.id) });
    if (me.staff.owes.length) return; // nothing else is answered
    this.live.start();
    await this.reread();
    this.followAddress();
  }

  async signOut(): Promise<void> {
    const { staff } = this.store.state;
    try {
      await this.api.signOut();
    } catch (error) {
      if (!(error instanceof Failure) || error.status !== 401) return this.tell("bad", say("failedNetwork"));
    }
    this.live.stop();
    if (staff) {
      forget(staff.id);
      forgetTyped(staff.id);
    }
    this.store.dispatch({ do: "sign out" });
    location.hash = "";
  }

  // ---- reading

  private link(reached: boolean): void {
    const link = !navigator.onLine ? "offline" : !reached ? "down" : this.live.open ? "live" : "slow";
    this.store.dispatch({ do: "link", link });
  }

  private hear(hint: Hint): void {
    switch (hint.t) {
      case "queue":
        return void this.readQueue();
      case "cases":
        return this.store.dispatch({ do: "case news" });
      case "conversation":
        void this.readQueue();
        if (this.store.state.logs[hint.c]) void this.logs.read(hint.c);
        return;
      case "office":
        return this.store.dispatch({ do: "news", office: hint.office });
      case "typing":
        this.store.dispatch({ do: "typing", conversation: hint.c, until: this.now() + TYPING_SHOWN });
        setTimeout(() => this.store.dispatch({ do: "tick", now: this.now() }), TYPING_SHOWN + 50);
    }
  }

  /** Sends what waits, then reads everything again, once at a time. */
  reread(): Promise<void> {
    return this.rereading ??= this.readAll().finally(() => {
      this.rereading = undefined;
      clearTimeout(this.timer);
      const { link } = this.store.state;
      this.timer = setTimeout(() => void this.reread(), link === "live" || link === "slow" ? REREAD : REREAD / 5);
    });
  }

  private async readAll(): Promise<void> {
    const { session, staff } = this.store.state;
    if (session !== "in" || staff?.owes.length) return;
    await this.mail.flush();
    await this.readQueue();
    this.store.dispatch({ do: "case news" });
    const open = this.store.state.selected?.conversation;
    if (open) await this.logs.read(open);
    this.store.dispatch({ do: "news", office: "" }); // which pages that show one follow
  }

  private async readQueue(): Promise<void> {
    if (!this.store.state.staff?.may.includes("desk.see")) return;
    const before = this.store.state.queue;
    const queue = await this.api.queue().catch(() => undefined);
    if (!queue || this.store.state.session !== "in") return;
    this.store.dispatch({ do: "queue", queue });
    const { arrived, spoke } = news(before, queue);
    const { selected, settings } = this.store.state;
    const aside = spoke.filter((handoff) => document.hidden || handoff.id !== selected?.id);
    if (arrived[0]) this.announce(say("heardWaiting", { name: arrived[0].customer, n: arrived.length }));
    else if (aside[0]) this.announce(say("heardMessage", { name: aside[0].customer }));
    if (settings.sound && (arrived.length || aside.length)) ring();
  }

  // ---- moving about

  select(handoff: Handoff | undefined): void {
    this.store.dispatch({ do: "select", handoff });
    const address = handoff ? "#" + handoff.id : "";
    if (location.hash !== address) history.pushState(null, "", address || location.pathname);
    if (handoff) void this.logs.read(handoff.conversation);
  }

  step(by: number): void {
    const next = neighbour(this.store.state.queue, this.store.state.selected, by);
    if (next) this.select(next);
  }

  /** Turns to another part of the console, or to a place in it. */
  go(section: Section, place = ""): void {
    const { selected, section: before } = this.store.state;
    const address = section === "desk" ? selected ? "#" + selected.id : "" : addressOf(section, place);
    if (location.hash !== address) history.pushState(null, "", address || location.pathname);
    this.store.dispatch({ do: "section", section, place });
    if (section !== "desk" && section !== before) focusOn("page");
  }

  private followAddress(): void {
    const { queue, selected } = this.store.state;
    const asked = parseAddress(location.hash);
    if (asked) return this.store.dispatch({ do: "section", ...asked });
    this.store.dispatch({ do: "section", section: "desk" });
    const wanted = Number(location.hash.slice(1));
    if (selected?.id === wanted) return;
    this.select(inOrder(queue).find((handoff) => handoff.id === wanted));
  }

  /** Unread messages and people waiting, for the title of the tab. */
  attention(): number {
    const { queue, seen } = this.store.state;
    if (!queue) return 0;
    return queue.waiting.length + queue.mine.reduce((sum, handoff) => sum + unread(handoff, seen), 0);
  }

  // ---- acting

  async take(handoff: Handoff): Promise<void> {
    await this.act("take", handoff, async () => {
      const taken = await this.api.take(handoff.id);
      await this.readQueue();
      this.select(inOrder(this.store.state.queue).find((other) => other.id === handoff.id) ?? taken);
      this.announce(say("heardTaken", { name: handoff.customer }));
    }, async (failure) => {
      await this.readQueue();
      const now = inOrder(this.store.state.queue).find((other) => other.id === handoff.id);
      this.select(now ?? { ...handoff, state: "closed" });
      const by = nameOf(failure.body.by) || now?.held_by?.name || say("colleague");
      this.tell("info", failure.code === "closed" ? say("alreadyClosed") : say("alreadyTaken", { by }), handoff);
    });
  }

  giveBack(handoff: Handoff): Promise<void> {
    return this.act("return", handoff, () => this.finish(handoff, () => this.api.giveBack(handoff.id), say("heardReturned")));
  }

  /** Closes a dialog; asks first if its last word is the customer's. */
  askClose(handoff: Handoff): void {
    const entries = this.store.state.logs[handoff.conversation]?.entries ?? [];
    if (awaitsAnswer(entries)) this.store.dispatch({ do: "sheet", sheet: "close" });
    else void this.close(handoff);
  }

  close(handoff: Handoff): Promise<void> {
    this.store.dispatch({ do: "sheet", sheet: "" });
    return this.act("close", handoff, () => this.finish(handoff, () => this.api.close(handoff.id), say("heardClosed")));
  }

  private async finish(handoff: Handoff, ask: () => Promise<void>, heard: string): Promise<void> {
    await this.mail.flush(); // the last reply goes out before the door closes
    await ask();
    this.announce(heard);
    await this.readQueue();
    await this.logs.read(handoff.conversation);
  }

  private async act(name: string, handoff: Handoff, work: () => Promise<void>, conflict?: (failure: Failure) => Promise<void>): Promise<void> {
    const busy = key(name, handoff);
    if (this.store.state.busy.includes(busy)) return;
    this.store.dispatch({ do: "busy", key: busy, busy: true });
    try {
      await work();
    } catch (error) {
      const failure = error instanceof Failure ? error : new Failure(0, "network");
      if (failure.status === 409 && conflict) await conflict(failure);
      else if (failure.status === 409) {
        await this.readQueue();
        this.tell("info", say("changedMeanwhile", { by: nameOf(failure.body.by) || say("colleague") }), handoff);
      } else if (failure.status !== 401) {
        this.tell("bad", failure.passing ? say("failedNetwork") : say("failedAction"), handoff);
      }
    } finally {
      this.store.dispatch({ do: "busy", key: busy, busy: false });
    }
  }

  edit(conversation: string, change: Partial<Draft>): void {
    this.store.dispatch({ do: "draft", conversation, change });
    if (!change.reply || this.now() - this.typed < TYPING_SENT) return;
    this.typed = this.now();
    void this.api.typing(conversation).catch(() => {});
  }

  /** Sends the draft: as a reply or as a note, never one for the other. */
  post(handoff: Handoff): void {
    const draft = draftOf(this.store.state, handoff);
    const { conversation } = handoff;
    const message = { id: newID(), conversation, at: new Date(this.now()).toISOString(), state: "sending", error: "", position: "" } as const;
    if (draft.mode === "note") {
      const text = draft.note.trim();
      if (!text) return;
      this.edit(conversation, { note: "", mode: canReply(this.store.state, handoff) ? "reply" : "note" });
      this.mail.post({ ...message, kind: "note", text, files: [], choices: [] });
      return;
    }
    const text = draft.reply.trim();
    if ((!text && !draft.files.length) || draft.files.some((file) => file.state !== "ready")) return;
    const choices = (draft.choices ?? []).map((choice) => choice.trim()).filter(Boolean);
    const files = draft.files.map((file): FileInfo => ({ i: file.id, n: file.name, t: file.type, z: file.size }));
    this.edit(conversation, { reply: "", files: [], choices: undefined });
    this.mail.post({ ...message, kind: "reply", text, files, choices });
  }

  /** Takes a refused message back into the field. */
  withdraw(unsent: Unsent): void {
    const { drafts } = this.store.state;
    const field = unsent.kind;
    const typed = drafts[unsent.conversation]?.[field];
    this.edit(unsent.conversation, { [field]: [unsent.text, typed].filter(Boolean).join("\n"), mode: field });
    this.store.dispatch({ do: "withdraw", id: unsent.id });
  }

  async retry(handoff: Handoff, position: Position): Promise<void> {
    await this.act("retry " + position, handoff, async () => {
      await this.api.retry(handoff.conversation, position);
      this.store.dispatch({ do: "retried", conversation: handoff.conversation, position });
      await this.logs.read(handoff.conversation);
    });
  }

  private tell(tone: Notice["tone"], text: string, handoff?: Handoff): void {
    this.store.dispatch({ do: "notice", notice: { tone, text, conversation: handoff?.conversation ?? "" } });
  }

  private announce(text: string): void {
    this.store.dispatch({ do: "announce", text });
  }
}
