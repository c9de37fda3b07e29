// The day of an office: who comes when, to which window, and how far he has come.

import { useEffect, useRef, useState } from "preact/hooks";
import { useDesk } from "../context";
import { Icon } from "../icons";
import { statusName } from "../people/names";
import { Trouble, useDo, why } from "../people/parts";
import { loadPlace, savePlace, type Place } from "../saved";
import type { State } from "../state";
import { inWords, named, say, type Key } from "../words";
import { back, quicker, type Day, type Office, type Status, type Visit } from "./clerk";
import { Find } from "./find";
import { Paper } from "./paper";
import { Hall, stateOf, Windows } from "./plan";
import { VisitSheet } from "./visit";
import { WalkInSheet } from "./walkin";

/** What was done last, and how to undo it. */
interface Done { text: string; undo?: (() => void) | undefined }

export function DayPage({ state }: { state: State }) {
  const { clerk } = useDesk();
  const staff = state.staff?.id ?? 0;
  const [place, setPlace] = useState<Place>(() => loadPlace(staff));
  const [offices, setOffices] = useState<Office[]>();
  const [failed, fail] = useState("");
  useEffect(() => {
    clerk.offices().then(setOffices, (failure: unknown) => fail(why(failure)));
  }, []);
  const office = offices?.find((one) => one.code === place.office) ?? offices?.[0];
  const choose = (at: Place) => { setPlace(at); savePlace(staff, at); };
  return (
    <main class="page wide office-day" id="page" tabIndex={-1}>
      {failed && <Trouble text={failed} />}
      {!offices && !failed && <p class="empty" role="status">{say("loading")}</p>}
      {offices && !office && <p class="empty">{say("dayNoOffice")}</p>}
      {offices && office && <OfficeDay key={office.code} state={state} office={office} offices={offices} place={{ ...place, office: office.code }} choose={choose} />}
    </main>
  );
}

function OfficeDay({ state, office, offices, place, choose }: {
  state: State; office: Office; offices: Office[]; place: Place; choose: (at: Place) => void;
}) {
  const { clerk } = useDesk();
  const [date, setDate] = useState(""); // today
  const [day, setDay] = useState<Day>();
  const [failed, fail] = useState("");
  const [done, setDone] = useState<Done>();
  const [open, setOpen] = useState<Visit | "walk-in">();
  const { busy, error, run } = useDo();
  const newest = useRef(0);
  const keeps = !!state.staff?.may.includes("visits.keep");

  const read = async (of = date): Promise<void> => {
    const turn = ++newest.current;
    try {
      const read = await clerk.day(office.code, of);
      if (turn !== newest.current) return; // another day was asked for meanwhile
      setDay(read);
      fail("");
    } catch (failure) {
      if (turn === newest.current) fail(why(failure));
    }
  };
  useEffect(() => void read(), [date]);
  useEffect(() => {
    if (day && (state.news.office === "" || state.news.office === office.code)) void read();
  }, [state.news]);

  const go = (to: string) => { setDone(undefined); setDate(to === day?.today ? "" : to); };
  const label = (visit: Visit) => visit.name || say("visitNameless", { code: visit.code });
  const step = (visit: Visit, to: Status, window = 0, undoing = false) => run(async () => {
    try {
      await clerk.step(office.code, visit, to, window);
      const mend = back(visit, to);
      const after = { ...visit, status: to, called_to: to === "served" ? visit.called_to : window };
      setDone({
        text: say("visitMarked", { name: label(visit), status: stateOf(after) }),
        undo: mend && !undoing ? () => void step(after, mend.to, mend.window, true) : undefined,
      });
      setOpen(undefined);
    } catch (failure) {
      const first = quicker(failure);
      if (!first) throw failure;
      setOpen(undefined);
      setDone({ text: say(first.by ? "visitQuicker" : "visitChanged", { name: label(visit), status: statusName(first.status), by: first.by }) });
    } finally {
      await read();
    }
  });
  const acts = { busy, window: place.window, open: setOpen, step };

  return (
    <>
      <div class="top">
        <h2>{say("day")} {inWords(office.name)}</h2>
        <div class="buttons">
          {keeps && day && day.date === day.today && <button type="button" class="act" onClick={() => setOpen("walk-in")}><Icon name="plus" />{say("walkIn")}</button>}
          <button type="button" class="quiet" disabled={!day} onClick={() => print()}><Icon name="file" />{say("dayPrint")}</button>
        </div>
      </div>
      <div class="line">
        {offices.length > 1 && <label class="place">{say("dayOffice")} <select value={office.code} onChange={(event) => choose({ office: event.currentTarget.value, window: 0 })}>
          {offices.map((one) => <option key={one.code} value={one.code}>{inWords(one.name)}</option>)}
        </select></label>}
        {keeps && office.windows > 1 && <label>{say("dayOwnWindow")} <select value={place.window} onChange={(event) => choose({ ...place, window: Number(event.currentTarget.value) })}>
          <option value={0}>{say("dayNoWindow")}</option>
          {numbers(office.windows).map((n) => <option key={n} value={n}>{n}</option>)}
        </select></label>}
        <span class="days">
          <button type="button" class="quiet" disabled={!day} aria-label={say("dayBefore")} title={say("dayBefore")} onClick={() => day && go(shift(day.date, -1))}>‹</button>
          <label>{say("dayDate")} <input type="date" value={date || day?.today || ""} onChange={(event) => event.currentTarget.value && go(event.currentTarget.value)} /></label>
          <button type="button" class="quiet" disabled={!day} aria-label={say("dayAfter")} title={say("dayAfter")} onClick={() => day && go(shift(day.date, 1))}>›</button>
          {date && <button type="button" class="text" onClick={() => go("")}>{say("today")}</button>}
        </span>
        {day && <Find office={office.code} day={day} open={(visit) => { if (visit.date && visit.date !== day.date) go(visit.date); setOpen(visit); }} />}
      </div>
      <p class="told" role="status">{done && <>{done.text} {done.undo && <button type="button" class="text" disabled={busy} onClick={done.undo}>{say("visitUndo")}</button>}</>}</p>
      <Trouble text={error || failed} />
      {!day && !failed && <p class="empty" role="status">{say("loading")}</p>}
      {day && <Head day={day} />}
      {day && <Hall day={day} acts={acts} />}
      {day && <Windows day={day} acts={acts} />}
      {day && <Cancelled day={day} />}
      {day && <Paper day={day} />}
      {open === "walk-in" && day && <WalkInSheet day={day} window={place.window} leave={() => setOpen(undefined)}
        added={(code) => { setOpen(undefined); setDone({ text: say("walkInAdded", { code }) }); void read(); }} />}
      {open && open !== "walk-in" && day && <VisitSheet visit={day.visits.find((one) => one.id === open.id) ?? open} day={day} acts={acts} keeps={keeps} error={error}
        leave={() => setOpen(undefined)} />}
    </>
  );
}

const reasons: Partial<Record<Day["why"], Key>> = { holiday: "dayHoliday", replaced: "dayReplaced", short: "dayShort", sanitary: "daySanitary" };

/** Why the hours are not the usual ones, "" if they are. */
export function reasonOf(day: Day): string {
  const key = reasons[day.why];
  return key ? say(key) : inWords(day.reason);
}

function Head({ day }: { day: Day }) {
  const why = reasonOf(day);
  const closed = day.hours.length === 0;
  const counts = ([["dayExpected", ["booked", "moved"]], ["dayInHall", ["arrived"]], ["dayAtWindows", ["called"]], ["dayServed", ["served"]], ["dayMissed", ["no_show"]]] as const)
    .map(([key, of]) => [key, day.visits.filter((visit) => (of as readonly Status[]).includes(visit.status)).length] as const).filter(([, n]) => n > 0);
  return (
    <section class={"part heading" + (closed ? " shut" : "")}>
      <h3>{named(day.date)}</h3>
      <p>{closed ? say(why ? "dayClosedWhy" : "dayClosed", { why }) : say("dayHours", { hours: day.hours.join(", ") })}{!closed && why ? `, ${why}` : ""}</p>
      {counts.length > 0 ? <ul class="tags">{counts.map(([key, n]) => <li key={key} class="tag">{say(key, { n })}</li>)}</ul>
        : <p class="meta">{say(day.date < day.today ? "dayNobodyCame" : "dayNobody")}</p>}
    </section>
  );
}

function Cancelled({ day }: { day: Day }) {
  const n = day.visits.filter((visit) => visit.status === "cancelled").length;
  return n > 0 ? <p class="meta">{say("dayCancelled", { n })}</p> : null;
}

export const numbers = (n: number): number[] => Array.from({ length: n }, (_, i) => i + 1);

/** A date some days away. */
function shift(date: string, days: number): string {
  const at = new Date(date + "T12:00Z");
  at.setUTCDate(at.getUTCDate() + days);
  return at.toISOString().slice(0, 10);
}
