// What the page calls tabs, actions, channels and lengths of time.

import { say, spoken, type Key } from "../words";
import type { Book, Hat, Named, Tab, Text } from "./api";
import { left, type Left } from "./term";

export const tabNames: Record<Tab, Key> = {
  check: "tabCheck", waiting: "tabWaiting", work: "tabWork", prepared: "tabPrepared", overdue: "tabOverdue", stalled: "tabStalled", mine: "tabMine", all: "tabAll",
  answered: "tabAnswered", closed: "tabClosed", refund: "tabRefund",
};
export const hatNames: Record<Hat, Key> = { watch: "hatWatch", keep: "hatKeep", direct: "hatDirect" };

/** How a tag of work looks: what is late alarms, what will be warns. */
export const workTag = (work: string): string => work === "late" ? "tag late" : work === "mind" || work === "hurry" ? "tag bad" : "tag todo";

/** What a button says that causes an event, and what its form says beside it. */
const acts: Record<string, { button: Key; hint?: Key; note?: Key }> = {
  take: { button: "doTake" },
  hand: { button: "doHand", note: "noteHand" },
  name: { button: "doName", hint: "hintName" },
  clear: { button: "doClear", hint: "hintClear", note: "noteClear" },
  reclassify: { button: "doReclassify", hint: "hintReclassify" },
  locate: { button: "doLocate", hint: "hintLocate", note: "noteLocate" },
  ask: { button: "doAsk", hint: "hintAsk", note: "noteAsk" },
  clarify: { button: "doClarify", hint: "hintClarify" },
  write: { button: "doWrite", note: "noteWrite" },
  route: { button: "doRoute", note: "noteRoute" },
  accept: { button: "doAccept" },
  return: { button: "doReturn", note: "noteReturn" },
  assign: { button: "doAssign" },
  prepare: { button: "doPrepare", hint: "hintPrepare", note: "noteEarly" },
  rework: { button: "doRework", note: "noteRework" },
  notify: { button: "doNotify", hint: "hintNotify" },
  extend: { button: "doExtend", hint: "hintExtend", note: "noteExtend" },
  contact: { button: "doContact", note: "noteContact" },
  propose: { button: "doPropose", hint: "hintPropose", note: "noteAgree" },
  confirm: { button: "doConfirm" },
  decline: { button: "doDecline" },
  agree: { button: "doAgree", hint: "hintAgree", note: "noteAgree" },
  act: { button: "doAct", note: "noteAct" },
  finish: { button: "doFinish", note: "noteFinish" },
  answer: { button: "doAnswer", note: "noteEarly" },
  typical: { button: "doTypical", hint: "hintTypical" },
  off_topic: { button: "doOffTopic", hint: "hintOffTopic" },
  duplicate: { button: "doDuplicate", hint: "hintDuplicate" },
  withdraw: { button: "doWithdraw", hint: "hintWithdraw" },
  reopen: { button: "doReopen", note: "noteReopen" },
  close: { button: "doClose", hint: "hintClose" },
};

export const known = (event: string): boolean => event in acts;
export const buttonOf = (event: string): string => { const act = acts[event]; return act ? say(act.button) : event; };
export const hintOf = (event: string): string => { const hint = acts[event]?.hint; return hint ? say(hint) : ""; };
export const noteOf = (event: string): string => say(acts[event]?.note ?? "noteAny");

const channels: Record<string, Key> = { tg: "channelTelegram", web: "channelWeb", email: "channelEmail", phone: "channelPhone", post: "channelPost", chat: "channelChat" };
export const channelName = (code: string): string => { const key = channels[code]; return key ? say(key) : code; };

export const word = (text: Text | undefined): string => text ? text[spoken()] || text.ru : "";
export const nameIn = (list: Named[], code: string): string => word(list.find((one) => one.code === code)?.name) || code;
export const queueName = (book: Book, code: string): string => nameIn(book.queues, code);

/** «2 дня», in the number that the language wants. */
export const length = ({ n, unit }: Left): string => n.toLocaleString(spoken(), { style: "unit", unit, unitDisplay: "long" });

/** For how long somebody has waited: «2 дня». */
export const waiting = (since: string, now: number): string => length(left(since, now));

/** «осталось 2 дня», «просрочено на 3 часа». */
export function leftWords(at: string, now: number): string {
  const is = left(at, now);
  if (is.tone === "late") return is.n === 0 ? say("termNow") : say("termLate", { n: length(is) });
  const one = new Intl.PluralRules(spoken()).select(is.n) === "one";
  return say(one ? "termLeftOne" : "termLeft", { n: length(is) });
}
