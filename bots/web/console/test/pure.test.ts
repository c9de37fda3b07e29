// What follows from what, without a browser. Run by TestPure, in Node.

import assert from "node:assert/strict";
import { test } from "node:test";
import { command, enter } from "../keys";
import { awaitsAnswer, merge, notShown, readFrom, rows, saidAfter } from "../log";
import { nameOf, type Entry, type Handoff, type Queue } from "../protocol";
import { age, neighbour, news, refresh, unread, waited } from "../queue";
import { reduce, type Action } from "../reduce";
import { kept } from "../saved";
import { canReply, draftOf, emptyDraft, initial, type State, type Unsent } from "../state";

const T = Date.parse("2026-11-24T10:00:00Z");
const at = (seconds: number) => new Date(T + seconds * 1000).toISOString();
const said = (position: string, seconds = 0): Entry => ({ position, kind: "in", at: at(seconds), did: "text", text: position });
const ours = (position: string, state: "sent" | "pending" | "failed" = "sent", id = ""): Entry =>
  ({ position, kind: "out", at: at(0), by: "Анна", id, message: {}, delivery: { state } });
const unsent = (id: string, position = ""): Unsent =>
  ({ id, conversation: "c", kind: "reply", text: id, files: [], choices: [], at: at(0), state: "sending", error: "", position });
const handoff = (id: number, change: Partial<Handoff> = {}): Handoff =>
  ({ id, conversation: "c" + id, channel: "web", customer: "Гость", topic: "", since: at(0), state: "waiting", position: "10-0", ...change });
const queue = (change: Partial<Queue>): Queue => ({ waiting: [], mine: [], others: [], open: true, ...change });
const after = (state: State, ...actions: Action[]): State => actions.reduce(reduce, state);

test("entries stand in the order of positions, each once, the newer reading counting", () => {
  const known = [said("9-0"), ours("9-1", "pending")];
  const merged = merge(known, [said("10-0"), ours("9-1", "sent")]);
  assert.deepEqual(merged.map((entry) => entry.position), ["9-0", "9-1", "10-0"]);
  assert.equal((merged[1] as { delivery: { state: string } }).delivery.state, "sent");
  assert.equal(merge(known, []), known);
});

test("a log is read on from before its first message under way", () => {
  assert.equal(readFrom([]), undefined);
  assert.equal(readFrom([said("1-0"), ours("1-1")]), "1-1");
  assert.equal(readFrom([said("1-0"), ours("1-1", "pending"), said("2-0")]), "1-0");
  assert.equal(readFrom([ours("1-1", "pending"), said("2-0")]), undefined);
  const old = [said("1-0"), ours("1-1", "pending"), ...Array.from({ length: 60 }, (_, i) => said(`${i + 2}-0`))];
  assert.equal(readFrom(old), "61-0");
});

test("who spoke last", () => {
  assert.equal(awaitsAnswer([ours("1-0"), said("2-0"), { position: "3-0", kind: "note", at: at(0), text: "", by: "" }]), true);
  assert.equal(awaitsAnswer([said("1-0"), ours("2-0")]), false);
  assert.equal(awaitsAnswer([]), false);
  assert.deepEqual(saidAfter([said("9-0"), said("10-0"), ours("11-0")], "9-0").map((entry) => entry.position), ["10-0"]);
});

test("days stand between entries, and runs of one speaker are joined", () => {
  const list = rows([said("1-0"), said("2-0", 60), said("3-0", 600), ours("4-0"), said("5-0", 2 * 86_400)]);
  assert.deepEqual(list.map((row) => row.kind === "day" ? "day" : row.joined), ["day", false, true, false, false, "day", false]);
});

test("a message of ours is shown until the log brings it, by position or by ID", () => {
  const outbox = [unsent("aaaa", "5-0"), unsent("bbbb"), unsent("cccc")];
  assert.deepEqual(notShown(outbox, "c", [ours("5-0"), ours("6-0", "sent", "bbbb")]).map((one) => one.id), ["cccc"]);
  assert.deepEqual(notShown(outbox, "other", []), []);
});

test("acknowledged messages leave the outbox when the log has them, whichever comes first", () => {
  const page: Action = { do: "page", conversation: "c", entries: [ours("5-0", "sent", "aaaa")], where: "last", more: false };
  const ack: Action = { do: "posted", id: "aaaa", change: { position: "5-0" } };
  const posted = after(initial, { do: "post", unsent: unsent("aaaa") });
  assert.deepEqual(after(posted, ack, page).outbox, []);
  assert.deepEqual(after(posted, page, ack).outbox, []);
  assert.equal(after(posted, page).outbox.length, 1, "without its acknowledgement it is sent again");
  assert.equal(after(posted, ack).outbox.length, 1, "without the log it is still shown");
});

test("a last page that does not touch what is known replaces it", () => {
  const read = (where: "last" | "after" | "before", ...entries: Entry[]): Action => ({ do: "page", conversation: "c", entries, where, more: true });
  const known = after(initial, read("last", said("1-0"), said("2-0")));
  assert.deepEqual(after(known, read("last", said("9-0"))).logs.c?.entries.map((entry) => entry.position), ["9-0"]);
  assert.deepEqual(after(known, read("last", said("2-0"), said("3-0"))).logs.c?.entries.length, 3);
  assert.deepEqual(after(known, read("before", said("0-1"))).logs.c?.entries[0]?.position, "0-1");
});

test("the queue: what is new, what is selected, what is unread", () => {
  const mine = handoff(1, { state: "held", unread: 1 });
  const before = queue({ waiting: [handoff(2)], mine: [mine] });
  const now = queue({ waiting: [handoff(2), handoff(3)], mine: [{ ...mine, unread: 2 }] });
  assert.deepEqual(news(undefined, now), { arrived: [], spoke: [] });
  assert.deepEqual(news(before, now).arrived.map((one) => one.id), [3]);
  assert.deepEqual(news(before, now).spoke.map((one) => one.id), [1]);
  assert.equal(refresh(handoff(2), queue({ others: [handoff(2, { state: "held" })] }))?.state, "held");
  assert.equal(refresh(handoff(2), queue({}))?.state, "closed");
  assert.equal(refresh(handoff(2), queue({ waiting: [handoff(7, { conversation: "c2" })] }))?.id, 7, "the customer called again");
  assert.equal(unread(mine, {}), 1);
  assert.equal(unread(mine, { c1: "10-0" }), 0);
  assert.equal(unread({ ...mine, position: "11-0" }, { c1: "10-0" }), 1);
  assert.equal(neighbour(now, handoff(1), 1)?.id, 1, "the list has an end");
  assert.equal(neighbour(now, undefined, 1)?.id, 2);
  assert.equal(neighbour(queue({}), undefined, 1), undefined);
});

test("waiting, in words and in alarm", () => {
  assert.deepEqual([0, 119, 120, 299, 300].map((s) => age(at(0), T + s * 1000)), ["fresh", "fresh", "late", "late", "overdue"]);
  assert.equal(waited(at(0), T + 59_000).unit, "now");
  assert.deepEqual(waited(at(0), T + 125 * 60_000), { unit: "hours", n: 2, minutes: 5 });
  assert.equal(waited(at(60), T).unit, "now", "clocks differ");
});

test("a note is never a reply", () => {
  const me: Action = { do: "sign in", me: { staff: { id: 3, login: "anna", name: "Анна" }, csrf: "", now: at(0) }, drafts: {}, outbox: [] };
  const state = after(initial, me, { do: "draft", conversation: "c1", change: { reply: "ответ", note: "заметка" } });
  const mine = handoff(1, { state: "held", held_by: { id: 3, name: "Анна" } });
  assert.equal(canReply(state, mine), true);
  assert.equal(draftOf(state, mine).mode, "reply");
  for (const other of [handoff(1), handoff(1, { state: "closed", held_by: { id: 3, name: "Анна" } }), handoff(1, { state: "held", held_by: { id: 4, name: "Борис" } })]) {
    assert.equal(draftOf(state, other).mode, "note");
  }
});

test("a session that ends keeps the desk, for its owner alone", () => {
  const me = (id: number): Action => ({ do: "sign in", me: { staff: { id, login: "", name: "" }, csrf: "", now: at(0) }, drafts: {}, outbox: [] });
  const expired = after(initial, me(3), { do: "draft", conversation: "c1", change: { reply: "секрет" } }, { do: "expire", why: "admin" });
  assert.equal(expired.session, "expired");
  assert.equal(expired.ended, "admin");
  assert.equal(after(expired, me(3)).ended, "");
  assert.equal(after(expired, me(3)).drafts.c1?.reply, "секрет");
  assert.deepEqual(after(expired, me(4)).drafts, {});
  assert.equal(after(initial, { do: "expire" }).session, "out");
});

test("drafts that are kept have something in them", () => {
  const file = { key: "k", name: "", type: "", size: 1, progress: 0, id: "", error: "" };
  assert.deepEqual(kept({ a: emptyDraft, b: { ...emptyDraft, files: [{ ...file, state: "uploading" }] } }), {});
  assert.equal(kept({ a: { ...emptyDraft, note: "x" } }).a?.note, "x");
});

test("keys go by their place, and are letters in a field", () => {
  const press = (code: string, key: string, change = {}) => ({ code, key, ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, ...change });
  assert.equal(command(press("KeyT", "е"), false, true), "take");
  assert.equal(command(press("KeyT", "t"), true, true), undefined);
  assert.equal(command(press("KeyT", "t"), false, false), undefined);
  assert.equal(command(press("KeyT", "t", { ctrlKey: true }), false, true), undefined);
  assert.equal(command(press("Digit7", "?", { shiftKey: true }), false, true), "help");
  assert.equal(command(press("Escape", "Escape"), true, false), "leave");
  assert.equal(enter(press("Enter", "Enter"), "send"), "send");
  assert.equal(enter(press("Enter", "Enter", { ctrlKey: true }), "send"), "break");
  assert.equal(enter(press("Enter", "Enter"), "break"), "break");
  assert.equal(enter(press("Enter", "Enter", { metaKey: true }), "break"), "send");
  assert.equal(enter(press("Enter", "Enter", { shiftKey: true }), "send"), "break");
  assert.equal(enter(press("KeyA", "a"), "send"), undefined);
});

test("whoever an error names", () => {
  assert.equal(nameOf({ id: 4, name: "Борис" }), "Борис");
  assert.equal(nameOf("Борис"), "Борис");
  assert.equal(nameOf(undefined), "");
});
