// When an office receives: its week, its windows, what differs, the days ahead;
// and the rules and the calendar that hold for all of them.

import { useEffect, useState } from "preact/hooks";
import { useDesk } from "../context";
import { Icon } from "../icons";
import { useRead } from "../people/parts";
import type { State } from "../state";
import { say } from "../words";
import type { Impact, OfficeName, Schedule, Schedules, Special, Stretch } from "./api";
import { CalendarPart } from "./calendar";
import { EditSheet, type Wanted } from "./edit";
import { RulesPart } from "./rules";
import { dayText, daysText, hoursText, inWords, weekday, whyText } from "./shown";

export function SchedulePage({ state }: { state: State }) {
  const { planner } = useDesk();
  const { value, failed, again } = useRead(() => planner.list());
  const [office, setOffice] = useState("");
  const code = office || value?.offices[0]?.code || "";
  const keeps = !!state.staff?.may.includes("schedule.keep");
  return (
    <main class="page" id="page" tabIndex={-1}>
      <div class="top">
        <h2>{say("schedule")}</h2>
        {value && <OfficeChoice offices={value.offices} code={code} set={setOffice} />}
      </div>
      {failed && <p class="trouble" role="alert">{failed} <button type="button" class="text" onClick={() => void again()}>{say("retry")}</button></p>}
      {!value && !failed && <p class="empty" role="status">{say("loading")}</p>}
      {value && code && <OfficeSchedule key={code} code={code} keeps={keeps} />}
      {value && <Common value={value} keeps={keeps} again={again} />}
    </main>
  );
}

function OfficeChoice({ offices, code, set }: { offices: OfficeName[]; code: string; set: (code: string) => void }) {
  return (
    <p class="line offices"><label>{say("scheduleOffice")} <select value={code} onChange={(event) => set(event.currentTarget.value)}>
      {offices.map((one) => <option key={one.code} value={one.code}>{inWords(one.name)}</option>)}
    </select></label></p>
  );
}

function Common({ value, keeps, again }: { value: Schedules; keeps: boolean; again: () => Promise<void> }) {
  return (
    <>
      <RulesPart rules={value.rules} keeps={keeps} again={again} />
      <CalendarPart keeps={keeps} />
    </>
  );
}

function OfficeSchedule({ code, keeps }: { code: string; keeps: boolean }) {
  const { planner } = useDesk();
  const { value: schedule, failed, again } = useRead(() => planner.schedule(code));
  const [wanted, setWanted] = useState<Wanted>();
  const [said, setSaid] = useState("");
  useEffect(() => { if (said) { const timer = setTimeout(() => setSaid(""), 6000); return () => clearTimeout(timer); } }, [said]);
  const done = (saved: Impact | undefined) => {
    setWanted(undefined);
    if (saved) setSaid(say(saved.hits.some((hit) => hit.how !== "window") ? "scheduleSavedTold" : "scheduleSaved"));
    void again();
  };
  if (failed) return <p class="trouble" role="alert">{failed} <button type="button" class="text" onClick={() => void again()}>{say("retry")}</button></p>;
  if (!schedule) return <p class="empty" role="status">{say("loading")}</p>;
  const edit = keeps ? (kind: "close" | "shut" | "week" | "windows") => () => setWanted({ kind }) : undefined;
  return (
    <>
      <p class="meta">{inWords(schedule.address)}</p>
      {schedule.missing > 0 && <p class="banner warn part">{say("calendarMissing", { year: schedule.missing })}</p>}
      <p class="saved" role="status">{said}</p>
      <Changes schedule={schedule} edit={edit} undo={keeps ? setWanted : undefined} />
      <Week schedule={schedule} edit={edit?.("week")} />
      <Windows schedule={schedule} edit={edit?.("windows")} />
      <Ahead schedule={schedule} />
      {wanted && <EditSheet wanted={wanted} schedule={schedule} done={done} />}
    </>
  );
}

function Head({ title, label, act }: { title: string; label: string; act: (() => void) | undefined }) {
  return <div class="top"><h3>{title}</h3>{act && <button type="button" class="quiet" onClick={act}>{label}</button>}</div>;
}

function Week({ schedule, edit }: { schedule: Schedule; edit: (() => void) | undefined }) {
  return (
    <section class="part">
      <Head title={say("weekTitle")} label={say("change")} act={edit} />
      <dl class="week">
        {schedule.week.map((hours, n) => (
          <div key={n} class={hours ? undefined : "off"}><dt>{weekday(n)}</dt><dd>{hoursText(hours)}</dd></div>
        ))}
      </dl>
      {schedule.sanitary.length > 0 && <p class="meta">{say("sanitaryText", { days: schedule.sanitary.map((day) => weekday(day)).join(", ") })}</p>}
    </section>
  );
}

function Windows({ schedule, edit }: { schedule: Schedule; edit: (() => void) | undefined }) {
  const { windows, special, services, today } = schedule;
  const serves = (window: Special | undefined) => window?.services.length
    ? window.services.map((code) => inWords(services.find((service) => service.code === code)?.name) || code).join(", ") : say("windowAll");
  const term = (window: Special | undefined) => [
    window?.first && say("windowSince", { day: dayText(window.first, today) }), window?.last && say("windowUntil", { day: dayText(window.last, today) }),
  ].filter(Boolean).join(", ");
  return (
    <section class="part">
      <Head title={say("windowsTitle", { n: windows })} label={say("change")} act={edit} />
      <ul class="rows">
        {Array.from({ length: windows }, (_, n) => special.find((one) => one.number === n + 1)).map((window, n) => (
          <li key={n}><span class="what"><strong>{say("windowN", { n: n + 1 })}</strong><span class="meta">{serves(window)}</span><span class="meta">{term(window)}</span></span></li>
        ))}
      </ul>
    </section>
  );
}

function Changes({ schedule, edit, undo }: {
  schedule: Schedule; edit: ((kind: "close" | "shut") => () => void) | undefined; undo: ((wanted: Wanted) => void) | undefined;
}) {
  const list = [...schedule.exceptions, ...schedule.shut].sort((a, b) => a.first.localeCompare(b.first));
  const title = (one: Stretch) => one.window ? `${say("windowN", { n: one.window })}: ${daysText(one.first, one.last, schedule.today)}` : daysText(one.first, one.last, schedule.today);
  const what = (one: Stretch) => one.window ? say(one.hours ? "windowShutAt" : "windowShutAll", { hours: hoursText(one.hours) }) : one.hours ? say("exceptionOpen", { hours: hoursText(one.hours) }) : say("exceptionClosed");
  return (
    <section class="part special">
      <h3>{say("changesTitle")}</h3>
      {list.length === 0 && <p class="meta">{say("changesNone")}</p>}
      <ul class="rows">
        {list.map((one) => (
          <li key={`${one.window ?? 0} ${one.first} ${one.hours}`}>
            <span class="what"><strong>{title(one)}</strong><span>{what(one)}</span><span class="meta">{inWords(one.reason)}</span></span>
            {undo && <button type="button" class="quiet" aria-label={`${say("changeUndo")}: ${title(one)}`}
              onClick={() => undo({ kind: "undo", title: say("changeUndoTitle", { what: title(one) }), edit: one.window ? { unshut: one } : { reopen: one } })}>{say("changeUndo")}</button>}
          </li>
        ))}
      </ul>
      {edit && (
        <p class="buttons">
          <button type="button" class="act" onClick={edit("close")}><Icon name="plus" />{say("exceptionAdd")}</button>
          <button type="button" class="quiet" onClick={edit("shut")}>{say("windowShut")}</button>
        </p>
      )}
    </section>
  );
}

function Ahead({ schedule }: { schedule: Schedule }) {
  return (
    <details class="part">
      <summary><h3>{say("aheadTitle")}</h3></summary>
      <dl class="week ahead">
        {schedule.days.map((day) => (
          <div key={day.date} class={day.hours ? undefined : "off"}>
            <dt>{dayText(day.date, schedule.today)}</dt>
            <dd>{hoursText(day.hours)} <span class="meta">{whyText(day.why, day.reason)}</span></dd>
          </div>
        ))}
      </dl>
    </details>
  );
}
