// The production calendar: which years are known, and a new one as its act comes
// out.

import { useState } from "preact/hooks";
import { Failure } from "../api";
import { useDesk } from "../context";
import { Trouble, useDo, useRead, why } from "../people/parts";
import { day, say, type Key } from "../words";
import type { YearsImpact } from "./api";
import { DayRow } from "./impact";
import { dayText, inWords } from "./shown";

const kinds: Record<string, Key> = {
  work: "kindWork", short: "kindShort", weekend: "kindWeekend", off: "kindOff", regional: "kindRegional", unknown: "kindUnknown",
};
const kind = (code: string): string => say(kinds[code] ?? "kindUnknown");

export function CalendarPart({ keeps }: { keeps: boolean }) {
  const { planner } = useDesk();
  const { value, failed, again } = useRead(() => planner.years());
  return (
    <details class="part" open={!!value?.missing}>
      <summary><h3>{say("calendarTitle")}</h3></summary>
      <p class="meta">{say("calendarText")}</p>
      <Trouble text={failed} />
      <ul class="rows">
        {value?.years.map((year) => (
          <li key={year.year}><span class="what">
            <strong>{year.year}</strong> <span class="meta">{year.act}</span>
            <span class="meta">{say("calendarTotals", { days: year.working, hours: year.hours })}</span>
            <span class="meta">{year.at && say("calendarAdded", { n: year.version ?? 1, day: day(new Date(year.at), Date.now()), name: year.by || say("auditTerminal") })}</span>
          </span></li>
        ))}
      </ul>
      {!!value?.missing && <p class="banner warn">{say("calendarMissing", { year: value.missing })}</p>}
      {keeps && <AddYears again={again} />}
    </details>
  );
}

function AddYears({ again }: { again: () => Promise<void> }) {
  const { planner } = useDesk();
  const [text, setText] = useState("");
  const [seen, setSeen] = useState<YearsImpact>();
  const { busy, error, run, say: tell } = useDo();
  const set = (value: string) => { setText(value); setSeen(undefined); };
  const attempt = (work: () => Promise<void>) => run(async () => {
    try {
      await work();
    } catch (failure) { // what is wrong with the text stands in the answer
      tell(failure instanceof Failure && failure.code === "calendar" ? say("calendarWrong", { why: String(failure.body.why ?? "") }) : why(failure));
    }
  });
  const preview = (event: Event) => {
    event.preventDefault();
    void attempt(async () => setSeen(await planner.previewYears(text)));
  };
  const save = () => void attempt(async () => {
    await planner.addYears(text);
    set("");
    await again();
  });
  return (
    <form class="edit" onSubmit={preview}>
      <div class="line">
        <label class="whole">{say("calendarPaste")} <textarea rows={6} value={text} spellcheck={false} required onInput={(event) => set(event.currentTarget.value)} placeholder={say("calendarExample")} /></label>
        <label>{say("calendarFile")} <input type="file" accept=".txt,text/plain" onChange={(event) => void event.currentTarget.files?.[0]?.text().then(set)} /></label>
      </div>
      <Trouble text={error} />
      {seen && <YearsView impact={seen} />}
      <p class="buttons">
        {seen?.years.length ? <button type="button" class="act" disabled={busy} onClick={save}>{say("calendarAdd")}</button>
          : <button class="quiet" disabled={busy || !text.trim()}>{say("schedulePreview")}</button>}
      </p>
    </form>
  );
}

function YearsView({ impact }: { impact: YearsImpact }) {
  if (impact.years.length === 0) return <p role="status">{say("calendarSame")}</p>;
  const today = `${new Date().getFullYear()}-01-01`;
  return (
    <section class="impact" role="status">
      {impact.years.map((year) => (
        <div key={year.year}>
          <h3>{year.year} <span class="meta">{year.act}</span></h3>
          <p class="meta">{say("calendarTotals", { days: year.working, hours: year.hours })} {year.new && say("calendarNew")}</p>
          <ul class="rows">{year.days.map((one) => <li key={one.date}><span class="what"><strong>{dayText(one.date, today)}</strong><span class="change"><del>{kind(one.was)}</del> → <ins>{kind(one.is)}</ins></span></span></li>)}</ul>
        </div>
      ))}
      {impact.terms > 0 && <p>{say("calendarTerms", { n: impact.terms })}</p>}
      {impact.offices.map(({ office, days, moved, called_off }) => (
        <div key={office.code}>
          <h3>{inWords(office.name)}</h3>
          <p>{say("calendarHits", { moved, off: called_off })}</p>
          <ul class="rows">{days.map((one) => <DayRow key={one.date} day={one} services={[]} today={today} />)}</ul>
        </div>
      ))}
    </section>
  );
}
