// How long is left, and what is kept of an address. Run by TestPure, in Node.

import assert from "node:assert/strict";
import { test } from "node:test";
import { left, urgency } from "../cases/term";
import { addressOf, parseAddress } from "../state";
import { together } from "../../ui/text";
import { dateAt, instantOf, keepTime, noon } from "../zone";

const NOW = Date.parse("2026-11-24T10:00:00Z");
const at = (hours: number): string => new Date(NOW + hours * 3_600_000).toISOString();

test("what is left stands in the largest unit of which there are two", () => {
  assert.deepEqual(left(at(72), NOW), { tone: "fine", n: 3, unit: "day" });
  assert.deepEqual(left(at(47), NOW), { tone: "fine", n: 47, unit: "hour" });
  assert.deepEqual(left(at(24), NOW), { tone: "soon", n: 24, unit: "hour" });
  assert.deepEqual(left(at(1.5), NOW), { tone: "soon", n: 90, unit: "minute" });
  assert.deepEqual(left(at(0.001), NOW), { tone: "soon", n: 1, unit: "minute" });
});

test("the first moment that is too late is late", () => {
  assert.deepEqual(left(at(0), NOW), { tone: "late", n: 0, unit: "minute" });
  assert.deepEqual(left(at(-3), NOW), { tone: "late", n: 3, unit: "hour" });
  assert.deepEqual(left(at(-50), NOW), { tone: "late", n: 2, unit: "day" });
});

test("an address leads to a case and back", () => {
  const number = "\u041e\u0411-2026-000123";
  assert.deepEqual(parseAddress(addressOf("cases", number)), { section: "cases", place: number });
  assert.deepEqual(parseAddress("#cases/" + number), { section: "cases", place: number });
  assert.deepEqual(parseAddress("#cases/%E0%A4%A"), { section: "cases", place: "" });
  assert.equal(parseAddress("#12"), undefined);
  assert.equal(parseAddress("#nothing/1"), undefined);
});

test("the most pressing of the clocks that run counts", () => {
  const wait = (hours: number, paused: string | null = null) => ({ at: at(hours), paused });
  assert.equal(urgency([wait(72), wait(3), wait(-1, at(-5))], NOW), "soon");
  assert.equal(urgency([wait(-1), wait(72)], NOW), "late");
  assert.equal(urgency([], NOW), undefined);
});

test("times are those of the company's clocks, wherever the browser is", () => {
  keepTime("Asia/Yekaterinburg");
  assert.equal(instantOf("2026-11-28T13:00").toISOString(), "2026-11-28T08:00:00.000Z");
  assert.equal(dateAt(Date.parse("2026-11-27T19:30:00Z")), "2026-11-28");
  assert.equal(dateAt(noon("2026-11-28")), "2026-11-28");
  keepTime("Europe/Berlin"); // a zone with summer time: an hour is skipped, another comes twice
  assert.equal(instantOf("2026-07-01T12:00").toISOString(), "2026-07-01T10:00:00.000Z");
  assert.equal(instantOf("2026-03-29T02:30").toISOString(), "2026-03-29T01:30:00.000Z");
  assert.ok(["2026-10-25T00:30:00.000Z", "2026-10-25T01:30:00.000Z"].includes(instantOf("2026-10-25T02:30").toISOString()));
  keepTime(undefined);
});

test("a value and its unit, a sign and its number, a range stand on one line", () => {
  assert.equal(together("платёж № 5093-1, 12 ₽, 08:00–20:00"), "платёж №\u00a05093-1, 12\u00a0₽, 08:00–\u206020:00");
  assert.equal(together("5 kWh, 12 %"), "5\u00a0kWh, 12\u00a0%");
});
