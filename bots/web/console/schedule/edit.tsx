// An edit of a schedule: its form, what it comes to, and only then the saving.

import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { useDesk } from "../context";
import { Trouble, useDo } from "../people/parts";
import { Sheet } from "../sheets";
import { say, type Key } from "../words";
import type { Edit, Impact, Schedule, Special, Stretch } from "./api";
import { HoursField } from "./hours";
import { ImpactView } from "./impact";
import { inWords, spansOf, textOf, weekday, type Spans } from "./shown";

/** What is being edited. `undo` takes an exception or a shutting back. */
export type Wanted = { kind: "close" | "shut" | "week" | "windows" } | { kind: "undo"; edit: Edit; title: string };

interface Form { schedule: Schedule; done: (saved: Impact | undefined) => void }

export function EditSheet({ wanted, ...form }: Form & { wanted: Wanted }) {
  switch (wanted.kind) {
    case "close": return <CloseForm {...form} />;
    case "shut": return <ShutForm {...form} />;
    case "week": return <WeekForm {...form} />;
    case "windows": return <WindowsForm {...form} />;
    case "undo": return <Frame {...form} title={wanted.title} edit={wanted.edit} />;
  }
}

/** The frame of all of them. A change of the form makes the preview void. */
function Frame({ schedule, done, title, hint, edit, children }: Form & { title: string; hint?: Key; edit: Edit; children?: ComponentChildren }) {
  const { planner } = useDesk();
  const [seen, setSeen] = useState<{ of: string; impact: Impact }>();
  const { busy, error, run } = useDo();
  const now = JSON.stringify(edit);
  const impact = seen?.of === now ? seen.impact : undefined;
  const preview = (event: Event) => {
    event.preventDefault();
    void run(async () => setSeen({ of: now, impact: await planner.preview(schedule.office.code, schedule.revision, edit) }));
  };
  const save = () => void run(async () => {
    done(await planner.save(schedule.office.code, schedule.revision, edit));
  });
  return (
    <Sheet label={title} leave={() => done(undefined)}>
      <h2>{title}</h2>
      <p class="meta">{inWords(schedule.office.name)}</p>
      {hint && <p class="meta">{say(hint)}</p>}
      <form class="edit" onSubmit={preview}>
        {children}
        <Trouble text={error} />
        {impact && <ImpactView impact={impact} services={schedule.services} today={schedule.today} />}
        <p class="buttons">
          {impact ? <button type="button" class="act" disabled={busy} onClick={save}>{say("scheduleSave")}</button>
            : <button class="act" disabled={busy}>{say("schedulePreview")}</button>}
          <button type="button" class="quiet" onClick={() => done(undefined)}>{say("cancel")}</button>
        </p>
      </form>
    </Sheet>
  );
}

/** The days and the reason of an exception or a shutting. */
function Days({ stretch, set, today, children }: { stretch: Stretch; set: (change: Partial<Stretch>) => void; today: string; children: ComponentChildren }) {
  const first = (value: string) => set({ first: value, last: stretch.last < value ? value : stretch.last });
  return (
    <>
      <div class="line">
        <label>{say("dayFirst")} <input type="date" required min={today} value={stretch.first} onInput={(event) => first(event.currentTarget.value)} /></label>
        <label>{say("dayLast")} <input type="date" required min={stretch.first || today} value={stretch.last} onInput={(event) => set({ last: event.currentTarget.value })} /></label>
      </div>
      {children}
      <div class="line reasons">
        <label>{say("reasonRu")} <input value={stretch.reason.ru ?? ""} required maxLength={200} onInput={(event) => set({ reason: { ...stretch.reason, ru: event.currentTarget.value } })} /></label>
        <label>{say("reasonEn")} <input value={stretch.reason.en ?? ""} maxLength={200} onInput={(event) => set({ reason: { ...stretch.reason, en: event.currentTarget.value } })} /></label>
      </div>
    </>
  );
}

/** All day, or some hours. */
function AllDay({ spans, set, label, all, some }: { spans: Spans | undefined; set: (spans: Spans | undefined) => void; label: Key; all: Key; some: Key }) {
  return (
    <fieldset>
      <legend>{say(label)}</legend>
      <label class="setting"><input type="radio" name="all" checked={!spans} onChange={() => set(undefined)} />{say(all)}</label>
      <label class="setting"><input type="radio" name="all" checked={!!spans} onChange={() => set([["10:00", "14:00"]])} />{say(some)}</label>
      {spans && <HoursField label={say("fieldHours")} spans={spans} set={set} add="scheduleMoreHours" />}
    </fieldset>
  );
}

const fresh = (today: string): Stretch => ({ first: today, last: today, hours: "", reason: {} });

function CloseForm(form: Form) {
  const { today } = form.schedule;
  const [stretch, setStretch] = useState(fresh(today));
  const [spans, setSpans] = useState<Spans>();
  return (
    <Frame {...form} title={say("exceptionAdd")} hint="exceptionHint" edit={{ close: { ...stretch, hours: textOf(spans ?? []) } }}>
      <Days stretch={stretch} set={(change) => setStretch({ ...stretch, ...change })} today={today}>
        <AllDay spans={spans} set={setSpans} label="exceptionHow" all="exceptionClosed" some="exceptionHours" />
      </Days>
    </Frame>
  );
}

function ShutForm(form: Form) {
  const { today, windows } = form.schedule;
  const [stretch, setStretch] = useState<Stretch>({ ...fresh(today), window: 1 });
  const [spans, setSpans] = useState<Spans>();
  return (
    <Frame {...form} title={say("windowShut")} hint="windowShutHint" edit={{ shut: { ...stretch, hours: textOf(spans ?? []) } }}>
      <div class="line">
        <label>{say("fieldWindow")} <select value={stretch.window} onChange={(event) => setStretch({ ...stretch, window: Number(event.currentTarget.value) })}>
          {Array.from({ length: windows }, (_, n) => <option key={n} value={n + 1}>{n + 1}</option>)}
        </select></label>
      </div>
      <Days stretch={stretch} set={(change) => setStretch({ ...stretch, ...change })} today={today}>
        <AllDay spans={spans} set={setSpans} label="windowShutHow" all="windowAllDay" some="windowHours" />
      </Days>
    </Frame>
  );
}

function WeekForm(form: Form) {
  const [week, setWeek] = useState(form.schedule.week.map(spansOf));
  const [sanitary, setSanitary] = useState(form.schedule.sanitary);
  return (
    <Frame {...form} title={say("weekChange")} hint="weekHint" edit={{ week: { hours: week.map(textOf), sanitary } }}>
      {week.map((spans, n) => (
        <div class="weekday" key={n}>
          <span>{weekday(n, "long")}</span>
          <HoursField label={weekday(n, "long")} spans={spans} set={(next) => setWeek(week.map((old, i) => i === n ? next : old))} />
        </div>
      ))}
      <fieldset>
        <legend>{say("sanitaryLegend")}</legend>
        <div class="options">
          {week.map((_, n) => (
            <label class="setting" key={n}><input type="checkbox" checked={sanitary.includes(n)}
              onChange={(event) => setSanitary(event.currentTarget.checked ? [...sanitary, n].sort() : sanitary.filter((day) => day !== n))} />{weekday(n)}</label>
          ))}
        </div>
      </fieldset>
    </Frame>
  );
}

function WindowsForm(form: Form) {
  const { schedule } = form;
  const [windows, setWindows] = useState(schedule.windows);
  const [special, setSpecial] = useState(schedule.special);
  const every = schedule.services.map(({ code }) => code);
  const of = (number: number): Special => special.find((one) => one.number === number) ?? { number, services: [], first: "", last: "" };
  const set = (window: Special) => setSpecial([...special.filter((one) => one.number !== window.number), window]);
  const kept = special.filter((one) => one.number <= windows && (one.services.length > 0 || one.first || one.last));
  const toggle = (window: Special, code: string, on: boolean) => {
    const now = window.services.length ? window.services : every;
    const next = on ? [...now, code] : now.filter((one) => one !== code);
    if (next.length) set({ ...window, services: every.every((one) => next.includes(one)) ? [] : next });
  };
  return (
    <Frame {...form} title={say("windowsChange")} hint="windowsHint" edit={{ windows: { windows, special: kept } }}>
      <div class="line"><label>{say("windowsCount")} <input type="number" min={1} max={200} required value={windows} onInput={(event) => setWindows(Math.min(200, Math.max(1, event.currentTarget.valueAsNumber || 1)))} /></label></div>
      {Array.from({ length: windows }, (_, n) => of(n + 1)).map((window) => (
        <details class="belongs" key={window.number} open={window.services.length > 0 || !!window.first || !!window.last}>
          <summary>{say("windowN", { n: window.number })}</summary>
          <div class="options" role="group" aria-label={say("windowServices", { n: window.number })}>
            {schedule.services.map(({ code, name }) => (
              <label class="setting" key={code}><input type="checkbox" checked={!window.services.length || window.services.includes(code)}
                onChange={(event) => toggle(window, code, event.currentTarget.checked)} />{inWords(name)}</label>
            ))}
          </div>
          <div class="line">
            <label>{say("windowFirst")} <input type="date" value={window.first} onInput={(event) => set({ ...window, first: event.currentTarget.value })} /></label>
            <label>{say("windowLast")} <input type="date" value={window.last} min={window.first} onInput={(event) => set({ ...window, last: event.currentTarget.value })} /></label>
          </div>
        </details>
      ))}
    </Frame>
  );
}
