// The queues: tabs with what stands in them, filters, and the cases, the
// nearest deadline first.

import { useEffect, useRef, useState } from "preact/hooks";
import { useDesk } from "../context";
import { Trouble, why } from "../people/parts";
import type { State } from "../state";
import { moment, say } from "../words";
import { tabs, type Book, type Counts, type Hat, type Page, type Row, type Tab, type Wanted } from "./api";
import { hatNames, leftWords, nameIn, queueName, tabNames, waiting, workTag } from "./names";
import { left, urgency } from "./term";

const anything: Wanted = { hat: "", tab: "check", kind: "", category: "", territory: "", queue: "", person: "" };
/** As many pages stay fresh while one looks; those beyond are read once. */
const FRESH = 4;

export function Queues({ state, book, number, open }: { state: State; book: Book; number: string; open: (number: string) => void }) {
  const { cases } = useDesk();
  const [wanted, setWanted] = useState<Wanted>(() => ({ ...anything, ...remembered() }));
  const [counts, setCounts] = useState<Counts>();
  const [pages, setPages] = useState<Page[]>();
  const [failed, setFailed] = useState("");
  const asked = useRef(0);
  const row = useRef<HTMLDivElement>(null);
  useEffect(() => row.current?.querySelector('[aria-pressed="true"]')?.scrollIntoView({ block: "nearest", inline: "center" }), [wanted.tab]);

  const read = async (of: Wanted, many: number) => {
    const mine = ++asked.current;
    try {
      const [next, first] = await Promise.all([cases.counts(of.hat), cases.list(of, "")]);
      const list = [first];
      for (let last = first; last.next && list.length < many; list.push(last)) last = await cases.list(of, last.next);
      if (mine !== asked.current) return; // somebody has asked for something else since
      setCounts(next);
      setPages(list);
      setFailed("");
    } catch (error) {
      if (mine === asked.current) setFailed(why(error));
    }
  };
  useEffect(() => void read(wanted, Math.min(FRESH, pages?.length ?? 1)), [wanted, state.caseNews]);
  const narrow = (change: Partial<Wanted>) => {
    const of = { ...wanted, ...change };
    if (change.kind !== undefined) of.category = "";
    remember(of);
    setPages(undefined);
    setWanted(of);
    setFailed("");
  };
  const more = async () => {
    const last = pages?.at(-1);
    if (!last?.next) return;
    const mine = asked.current;
    try {
      const next = await cases.list(wanted, last.next);
      if (mine === asked.current) setPages([...(pages ?? []), next]);
    } catch (error) {
      setFailed(why(error));
    }
  };
  const hat = wanted.hat || book.hats[0];
  const list = pages?.flatMap((page) => page.cases) ?? [];
  return (
    <section class="queues" aria-label={say("cases")}>
      <Search open={open} />
      <div class="tabs" role="group" aria-label={say("caseTabs")} ref={row}>
        {tabs.filter((tab) => tab !== "refund" || tab === wanted.tab || counts?.tabs.refund).map((tab) => (
          <button key={tab} type="button" aria-pressed={wanted.tab === tab} data-tab={tab} onClick={() => narrow({ tab })}>
            {say(tab === "check" && hat === "direct" ? "tabNew" : tabNames[tab])} {!!counts?.tabs[tab] && <span class="count">{most(counts.tabs[tab])}</span>}
          </button>
        ))}
      </div>
      {book.hats.length > 1 && (
        <p class="hats"><label>{say("caseHat")} <select value={hat} onChange={(event) => narrow({ ...anything, tab: wanted.tab, hat: event.currentTarget.value as Hat })}>
          {book.hats.map((one) => <option key={one} value={one}>{say(hatNames[one])}</option>)}
        </select></label></p>
      )}
      <Filters book={book} wanted={wanted} narrow={narrow} />
      <Trouble text={failed} />
      {!pages && !failed && <p class="empty" role="status">{say("loading")}</p>}
      {pages && list.length === 0 && <p class="empty">{say(filtered(wanted) ? "casesNoneFiltered" : wanted.tab === "overdue" ? "casesNoneOverdue" : "casesNone")}</p>}
      <ol class="case-rows" id="case-rows">
        {list.map((row) => <CaseRow key={row.number} row={row} book={book} now={state.now} current={row.number === number} open={open} />)}
      </ol>
      {pages?.at(-1)?.next && <p class="buttons"><button type="button" class="quiet" onClick={() => void more()}>{say("casesMore")}</button></p>}
    </section>
  );
}

/** A count that does not frighten: the store stops counting there, too. */
const most = (n: number): string => n > 999 ? "999+" : String(n);
const filtered = (wanted: Wanted): boolean => !!(wanted.kind || wanted.category || wanted.territory || wanted.queue || wanted.person);

function Search({ open }: { open: (number: string) => void }) {
  const { cases } = useDesk();
  const [sought, seek] = useState("");
  const [failed, setFailed] = useState("");
  const find = async (event: Event) => {
    event.preventDefault();
    if (!sought.trim()) return;
    try {
      const found = await cases.one(sought.trim());
      setFailed("");
      seek("");
      open(found.number);
    } catch (error) {
      setFailed(why(error));
    }
  };
  return (
    <form class="case-search" role="search" onSubmit={(event) => void find(event)}>
      <input id="case-search" type="search" maxLength={60} value={sought} aria-label={say("caseSeek")} placeholder={say("caseSeek")} onInput={(event) => { seek(event.currentTarget.value); setFailed(""); }} />
      <button class="quiet">{say("caseFind")}</button>
      <Trouble text={failed} />
    </form>
  );
}

function Filters({ book, wanted, narrow }: { book: Book; wanted: Wanted; narrow: (change: Partial<Wanted>) => void }) {
  const pick = (name: keyof Wanted, label: string, list: { code: string; label: string }[]) => (
    <label>{label} <select value={wanted[name]} onChange={(event) => narrow({ [name]: event.currentTarget.value })}>
      <option value="">{say("caseAny")}</option>
      {list.map((one) => <option key={one.code} value={one.code}>{one.label}</option>)}
    </select></label>
  );
  const named = (list: Book["kinds"]) => list.map(({ code }) => ({ code, label: nameIn(list, code) }));
  const categories = book.categories.filter(({ kind }) => !wanted.kind || kind === wanted.kind);
  return (
    <details class="filters" open={filtered(wanted)}>
      <summary>{say("caseFilters")}</summary>
      <div class="line">
        {pick("kind", say("caseKind"), named(book.kinds))}
        {pick("category", say("caseCategory"), categories.map(({ code }) => ({ code, label: `${code} ${nameIn(categories, code)}` })))}
        {pick("territory", say("caseTerritory"), named(book.territories))}
        {pick("queue", say("caseQueue"), named(book.queues))}
        {pick("person", say("casePerson"), book.people.map(({ id, name }) => ({ code: String(id), label: name })))}
        {filtered(wanted) && <button type="button" class="text" onClick={() => narrow({ ...anything, tab: wanted.tab, hat: wanted.hat })}>{say("caseAnyAll")}</button>}
      </div>
    </details>
  );
}

function CaseRow({ row, book, now, current, open }: { row: Row; book: Book; now: number; current: boolean; open: (number: string) => void }) {
  const who = row.assignee?.name ?? row.keeper?.name;
  return (
    <li class="case-row" data-tone={urgency(row.waits, now)}>
      <a href={"#cases/" + row.number} id={current ? "current-case" : undefined} aria-current={current ? "true" : undefined}
        onClick={(event) => { if (event.ctrlKey || event.metaKey || event.shiftKey) return; event.preventDefault(); open(row.number); }}>
        <span class="first"><strong class="number">{row.number}</strong> <Waits row={row} book={book} now={now} /></span>
        <span class="what">{nameIn(book.categories, row.category)}</span>
        <span class="meta">
          {[nameIn(book.states, row.state), row.territory && nameIn(book.territories, row.territory), row.queue && queueName(book, row.queue), who ?? say("caseNobody")].filter(Boolean).join(" · ")}
        </span>
        {(row.work.length > 0 || row.stalled) && (
          <span class="tags">
            {row.work.map((work) => <span key={work} class={workTag(work)}>{nameIn(book.work, work)}</span>)}
            {row.stalled && <span class="tag bad">{say("caseStalled", { at: moment(row.moved, now) })}</span>}
          </span>
        )}
      </a>
    </li>
  );
}

/** What a case waits for: each clock by its name, what ends first standing first. */
function Waits({ row, book, now }: { row: Row; book: Book; now: number }) {
  const asked = row.state === "need_info" && !row.waits.some(({ paused }) => paused);
  return (
    <span class="waits">
      {row.waits.map(({ clock, at, paused }) => (
        <time key={clock} class="term" data-tone={paused ? undefined : left(at, now).tone} dateTime={at} title={moment(at, now)}>
          {say("termOf", { clock: nameIn(book.clocks, clock), left: paused ? say("termPaused", { at: moment(paused, now) }) : leftWords(at, now) })}
        </time>
      ))}
      {asked && <span class="term">{say("termAsked", { n: waiting(row.moved, now) })}</span>}
    </span>
  );
}

/** Has the list open with a tab and filters, over all cases. */
export const wish = (change: Partial<Wanted>): void => remember({ ...anything, ...change });

// The tab and the filters stay while the browser's tab lives.
const KEPT = "okoshko.cases.wanted";
function remember(wanted: Wanted): void {
  try { sessionStorage.setItem(KEPT, JSON.stringify(wanted)); } catch { /* it is chosen again after a reload */ }
}
function remembered(): Partial<Wanted> {
  try {
    const kept = JSON.parse(sessionStorage.getItem(KEPT) ?? "{}") as Partial<Wanted>;
    return kept.tab && tabs.includes(kept.tab as Tab) ? kept : {};
  } catch { return {}; }
}
