// How long is left, and what is kept of an address. Run by TestPure, in Node.

import assert from "node:assert/strict";
import { test } from "node:test";
import { left } from "../cases/term";
import { addressOf, parseAddress } from "../state";

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
