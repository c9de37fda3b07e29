// A case: until when, what is to be done, what was said and done.

import { useEffect, useRef, useState } from "preact/hooks";
import { useDesk } from "../context";
import { Icon } from "../icons";
import { roleName } from "../people/names";
import { Trouble, useDo, why } from "../people/parts";
import type { State } from "../state";
import { day, moment, say, type Key } from "../words";
import { noon } from "../zone";
import { Actions } from "./actions";
import { Answers } from "./answers";
import type { Book, Case, Clock, Done } from "./api";
import { Dialogue } from "./dialogue";
import { History, Letters, newsOf } from "./history";
import { channelName, leftWords, nameIn, queueName, word, workTag } from "./names";
import { Replies } from "./replies";
import { left } from "./term";

/** The sheets of a case. Another is a line here and in Sheet. */
const sheets = ["said", "history", "dialogue"] as const;
type Sheet = (typeof sheets)[number];
const sheetNames: Record<Sheet, Key> = { said: "sheetSaid", history: "sheetHistory", dialogue: "sheetDialogue" };

export function CasePage({ state, book, number, leave }: { state: State; book: Book; number: string; leave: () => void }) {
  const desk = useDesk();
  const { cases } = desk;
  const [one, setOne] = useState<Case>();
  const [failed, setFailed] = useState("");
  const [news, setNews] = useState<string[]>([]);
  const [sheet, setSheet] = useState<Sheet>("said");
  const known = useRef<Case | undefined>(undefined);

  /** Shows the case as it is now; what others did since is said. Who has given
   * it out of his hands goes back to his list. */
  const show = (next: Done) => {
    if ("gone" in next) return leave();
    const before = known.current;
    if (before && next.revision < before.revision) return; // an older answer came late
    if (before && next.revision > before.revision) setNews(newsOf(before, next, book, state.staff?.id ?? 0));
    known.current = next;
    setOne(next);
    setFailed("");
  };
  const read = async () => {
    try {
      show(await cases.one(number, !!known.current));
    } catch (error) {
      setFailed(why(error));
    }
  };
  useEffect(() => void read(), [state.caseNews]);
  if (!one) {
    return (
      <section class="case" aria-label={number}>
        {failed ? <p class="trouble" role="alert">{failed} <button type="button" class="text" onClick={() => void read()}>{say("retry")}</button></p>
          : <p class="empty" role="status">{say("loading")}</p>}
        <p class="buttons"><button type="button" class="quiet" onClick={leave}>{say("caseBack")}</button></p>
      </section>
    );
  }
  const open = sheets.filter((name) => name !== "dialogue" || one.conversation);
  return (
    <section class="case" aria-label={one.number}>
      <Head one={one} book={book} now={state.now} leave={leave} />
      <Trouble text={failed} />
      {news.length > 0 && (
        <div class="case-news" role="status">
          <ul>{news.map((line) => <li key={line}>{line}</li>)}</ul>
          <button type="button" class="text" onClick={() => setNews([])}>{say("understood")}</button>
        </div>
      )}
      <Tasks one={one} book={book} now={state.now} show={show} />
      {state.staff?.may.includes("publish") && one.replies.some(({ final }) => final) && (
        <p><a href={"#publications/" + one.number}>{say("publicationsSee")}</a></p>
      )}
      <Actions state={state} book={book} one={one} show={show} />
      <div class="tabs" role="group" aria-label={say("caseSheets")}>
        {open.map((name) => <button key={name} type="button" aria-pressed={sheet === name} onClick={() => setSheet(name)}>{say(sheetNames[name])}</button>)}
      </div>
      {sheet === "said" && (
        <>
          <Paid one={one} now={state.now} show={show} />
          <Times one={one} now={state.now} />
          <Letters one={one} book={book} now={state.now} />
          <Answers one={one} />
          <Measures one={one} now={state.now} />
          <Replies one={one} book={book} now={state.now} show={show} />
        </>
      )}
      {sheet === "history" && <History one={one} book={book} now={state.now} />}
      {sheet === "dialogue" && one.conversation && <Dialogue state={state} conversation={one.conversation} />}
    </section>
  );
}

/** Work that is done by having looked: what else there is, an action settles. */
const readOnly = ["read", "mind", "late", "hurry", "stop", "conclude", "keep"];

/** Who writes; nobody asks where no form and no term depends on it. */
const writers: Record<string, Key> = { fl: "writerPerson", ul: "writerCompany" };

function Head({ one, book, now, leave }: { one: Case; book: Book; now: number; leave: () => void }) {
  const ended = one.resolution;
  const facts: [Key, string][] = [
    ["caseCategory", `${one.category} ${nameIn(book.categories, one.category)}`],
    ["caseAudience", say(writers[one.audience] ?? "caseUnknown")],
    ["caseTerritory", one.territory ? nameIn(book.territories, one.territory) : say("caseUnknown")],
    ["caseCame", `${moment(one.registered, now)}, ${channelName(one.channel)}`],
    ["caseKeeper", one.keeper?.name ?? say("caseNobody")],
    ["caseQueue", one.queue ? queueName(book, one.queue) : say("caseNotRouted")],
    ["caseAssignee", one.assignee?.name ?? say("caseNobody")],
    ["caseContact", ways(one.contact)],
    ["caseAnswerWay", ways(one.answer_way)],
  ];
  return (
    <header class="case-head">
      <button type="button" class="plain back" aria-label={say("caseBack")} onClick={leave}><Icon name="back" /></button>
      <div class="title">
        <h2 class="number">{one.number}</h2>
        <span class="tag">{nameIn(book.kinds, one.kind)}</span>
        <span class="tag state">{nameIn(book.states, one.state)}</span>
        {ended && ended !== "answered" && <span class="tag">{nameIn(book.resolutions, ended)}</span>}
        {one.stalled && <span class="tag bad">{say("caseStalled", { at: moment(one.moved, now) })}</span>}
        {one.reopened > 0 && <span class="tag bad">{say("caseReopened", { n: one.reopened })}</span>}
        {one.rating > 0 && <span class="tag">{say("caseRating", { n: one.rating })}</span>}
        <Term one={one} book={book} now={now} />
      </div>
      <Clocks one={one} book={book} now={now} />
      <dl class="facts">{facts.map(([name, value]) => <div key={name}><dt>{say(name)}</dt><dd>{value}</dd></div>)}
        {one.about.length > 0 && <div><dt>{say("caseAbout")}</dt><dd>{one.about.map(({ name }) => name).join(", ")}</dd></div>}
        {one.other && <div><dt>{say("caseOther")}</dt><dd><a href={"#cases/" + one.other}>{one.other}</a></dd></div>}
      </dl>
    </header>
  );
}

/** What ends first of what is waited for, by its name: how long is left, in colour and in words. */
function Term({ one, book, now }: { one: Case; book: Book; now: number }) {
  const [first] = one.clocks.filter(({ met, paused }) => !met && !paused).sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
  if (!first) return null;
  const { clock, at } = first;
  return <time class="term" data-tone={left(at, now).tone} dateTime={at} title={moment(at, now)}>{say("termOf", { clock: nameIn(book.clocks, clock), left: leftWords(at, now) })}</time>;
}

const ways = ({ name, to }: Case["contact"]): string => [word(name) || say("caseUnknown"), to].filter(Boolean).join(", ");

/** Every clock that ran, with the steps by which its day was found. */
function Clocks({ one, book, now }: { one: Case; book: Book; now: number }) {
  // What ends a case without an answer lifts its clocks: nothing was done by them.
  const lifted = one.history.find(({ event }) => event === "withdraw" || event === "duplicate")?.at ?? "";
  const ended = (clock: Clock, met: string): string => {
    const key = Date.parse(met) === Date.parse(lifted) ? "termLifted" : Date.parse(met) < Date.parse(clock.at) ? "termMet" : "termMetLate";
    return say(key, { at: moment(met, now) });
  };
  return (
    <ul class="clocks">
      {one.clocks.map((clock) => {
        const runs = !clock.met && !clock.paused;
        return (
          <li key={clock.clock} data-tone={runs ? left(clock.at, now).tone : "met"}>
            <details>
              <summary>
                <strong>{nameIn(book.clocks, clock.clock)}</strong>{" "}
                {say("termUntil", { at: day(noon(clock.last), now) })}
                {", "}
                {clock.met ? ended(clock, clock.met)
                  : clock.paused ? say("termPaused", { at: moment(clock.paused, now) }) : leftWords(clock.at, now)}
                {clock.clock === "answer" && one.extended && <> · {say("termExtended")}</>}
                {" "}<span class="ask">{say("termWhy")}</span>
              </summary>
              <ul class="why">{clock.why.map((line, i) => <li key={i}>{word(line)}</li>)}
                {clock.legal && <li>{say("termLegal", { at: day(noon(clock.legal), now) })}</li>}
              </ul>
            </details>
          </li>
        );
      })}
    </ul>
  );
}

function Tasks({ one, book, now, show }: { one: Case; book: Book; now: number; show: (next: Done) => void }) {
  const { cases } = useDesk();
  const { busy, error, run } = useDo();
  if (one.tasks.length === 0) return null;
  return (
    <ul class="tasks" aria-label={say("caseTasks")}>
      {one.tasks.map((task) => (
        <li key={task.id}>
          <span class={workTag(task.work)}>{nameIn(book.work, task.work)}</span>{" "}
          <span class="meta">{[task.clock && nameIn(book.clocks, task.clock), task.person?.name ?? (task.queue ? queueName(book, task.queue) : roleName(task.role)), moment(task.since, now)].filter(Boolean).join(", ")}</span>
          {task.own && readOnly.includes(task.work) && (
            <button type="button" class="text" disabled={busy} onClick={() => void run(async () => show(await cases.finish(one.number, task.id)))}>{say("taskDone")}</button>
          )}
        </li>
      ))}
      <Trouble text={error} />
    </ul>
  );
}

/** What the company does about a complaint (R-5.2.8-e). */
function Measures({ one, now }: { one: Case; now: number }) {
  if (one.actions.length === 0) return null;
  return (
    <section class="part">
      <h3>{say("measures")} <span class="count">{one.actions.filter(({ finished }) => !finished).length}</span></h3>
      <ol class="measures">
        {one.actions.map((action) => (
          <li key={action.id} data-open={action.finished ? undefined : ""}>
            <span class="said">{action.what}</span>
            <span class="meta">{say(action.finished ? "measureDone" : "measureOpen", { who: action.by.name, at: moment(action.opened, now), end: action.finished ? moment(action.finished, now) : "" })}</span>
            {action.result && <span class="said result">{action.result}</span>}
          </li>
        ))}
      </ol>
    </section>
  );
}

const paidWords = { paid: "feePaid", refunded: "feeRefunded", disputed: "feeDisputed" } as const;
const roubles = (kopecks: number) => (kopecks / 100).toLocaleString(document.documentElement.lang || "ru", { style: "currency", currency: "RUB" });

function Paid({ one, now, show }: { one: Case; now: number; show: (next: Done) => void }) {
  const { cases } = useDesk();
  const { busy, error, run } = useDo();
  const [sure, setSure] = useState("");
  if (!one.fee) return null;
  const { price, payments } = one.fee;
  return (
    <section class="part">
      <h3>{say("fee")}</h3>
      <ul class="payments">
        {payments.every(({ state }) => state === "disputed") && <li>{say("feeUnpaid", { sum: roubles(price) })}</li>}
        {payments.map((p) => (
          <li key={p.number}>
            <span class="what">{say(paidWords[p.state], { sum: roubles(p.sum), at: moment(p.at, now), number: p.number })}</span>
            {p.owed && !p.returnable && <span class="tag bad">{say("feeOwed")}</span>}
            {p.returnable && sure !== p.number && <button type="button" class="act" onClick={() => setSure(p.number)}>{say("feeReturn")}</button>}
            {p.returnable && sure === p.number && (
              <div class="sure" role="group" aria-label={say("feeReturn")}>
                <p>{say("feeSure", { sum: roubles(p.sum) })}</p>
                <p class="buttons">
                  <button type="button" class="act" disabled={busy} onClick={() => void run(async () => show(await cases.refund(one.number, p.number)))}>{say("feeReturn")}</button>
                  <button type="button" class="quiet" disabled={busy} autoFocus onClick={() => setSure("")}>{say("cancel")}</button>
                </p>
              </div>
            )}
          </li>
        ))}
      </ul>
      <Trouble text={error} />
    </section>
  );
}

function Times({ one, now }: { one: Case; now: number }) {
  if (!one.agreed && one.proposed.length === 0) return null;
  return (
    <section class="part">
      <h3>{say(one.agreed ? "timesAgreed" : "timesProposed")}</h3>
      <ul>{(one.agreed ? [one.agreed] : one.proposed).map((at) => <li key={at}><time dateTime={at}>{moment(at, now)}</time></li>)}</ul>
    </section>
  );
}
