// The frame of every edit: its form, what it comes to, and only then the saving.

import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { Failure } from "../api";
import { useDesk } from "../context";
import { Trouble, useDo } from "../people/parts";
import { Sheet } from "../sheets";
import { say, type Key } from "../words";
import { refusal, type Change, type Edit, type Promised, type Tables, type Texts } from "./api";
import { audienceText, categoryText, clockText, dateText, nameOf, noticeText, placeName, termText, unitNames, unitText } from "./shown";

export interface Form { tables: Tables; done: (saved: Change | undefined) => void; again: () => Promise<void> }

/** A change of the form makes the preview void. What somebody else has saved meanwhile is read, and the form stays. */
export function Frame({ tables, done, again, title, hint, edit, children }: Form & { title: string; hint?: Key; edit: Edit; children?: ComponentChildren }) {
  const { keeper } = useDesk();
  const [seen, setSeen] = useState<{ of: string; change: Change }>();
  const { busy, error, run, say: tell } = useDo();
  const now = JSON.stringify(edit);
  const change = seen?.of === now ? seen.change : undefined;
  const attempt = (work: () => Promise<void>) => run(async () => {
    try {
      await work();
    } catch (failure) {
      if (failure instanceof Failure && failure.code === "tables_stale") { setSeen(undefined); await again(); }
      tell(refusal(failure));
    }
  });
  const preview = (event: Event) => {
    event.preventDefault();
    void attempt(async () => setSeen({ of: now, change: await keeper.preview(tables.revision, edit) }));
  };
  const save = () => void attempt(async () => done(await keeper.save(tables.revision, edit)));
  return (
    <Sheet label={title} leave={() => done(undefined)}>
      <h2>{title}</h2>
      {hint && <p class="meta">{say(hint)}</p>}
      <form class="edit" onSubmit={preview}>
        {children}
        <Trouble text={error} />
        {change && <ChangeView change={change} tables={tables} />}
        <p class="buttons">
          {change ? <button type="button" class="act" disabled={busy} onClick={save}>{say("scheduleSave")}</button>
            : <button class="act" disabled={busy}>{say("schedulePreview")}</button>}
          <button type="button" class="quiet" onClick={() => done(undefined)}>{say("cancel")}</button>
        </p>
      </form>
    </Sheet>
  );
}

/** What an edit comes to: whom it concerns, what is promised, where cases go. */
function ChangeView({ change, tables }: { change: Change; tables: Tables }) {
  const shown = useRef<HTMLElement>(null);
  useEffect(() => shown.current?.scrollIntoView({ block: "start" }), [change]);
  const { terms, ways, asked, dropped, needed, notices } = change;
  const fields = (names: string[]) => names.map((name) => nameOf(tables.fields, name, "name", "label")).join(", ");
  const promise = (p: Promised | null) => p
    ? [p.company && termText(p.company), p.legal && say("tablesLaw", { term: termText(p.legal) }), say("tablesUntil", { day: dateText(p.last) })].filter(Boolean).join(", ")
    : say("tablesNone");
  return (
    <section class="impact" ref={shown} role="status" aria-label={say("impactTitle")}>
      <h3>{change.from ? say("tablesFrom", { day: dateText(change.from) }) : say("tablesAtOnce")}</h3>
      <p>{say("tablesConcerned", { open: change.open, recent: change.recent })}</p>
      {notices.map((notice) => <p key={notice} class="notice">{noticeText(notice)}</p>)}
      {asked.length > 0 && <p>{say("tablesAsked", { fields: fields(asked) })}</p>}
      {needed.length > 0 && <p>{say("tablesNeeded", { fields: fields(needed) })}</p>}
      {dropped.length > 0 && <p>{say("tablesDropped", { fields: fields(dropped) })}</p>}
      {terms.length > 0 && <h3>{say("tablesPromises")}</h3>}
      <ul class="rows">
        {terms.map((one) => (
          <li key={one.clock + one.category + one.audience}><span class="what">
            <strong>{categoryText(tables, one.category)}</strong>
            <span class="meta">{clockText(one.clock)}, {audienceText(one.audience)}</span>
            <span class="change">{one.was && <><del>{promise(one.was)}</del> → </>}<ins>{promise(one.is)}</ins></span>
          </span></li>
        ))}
      </ul>
      {ways.length > 0 && <h3>{say("tablesWays")}</h3>}
      <ul class="rows">
        {ways.map((one) => (
          <li key={one.function + one.territory}><span class="what">
            <strong>{placeName(tables.territories, one.territory)}</strong>
            <span class="change">{one.was && <><del>{nameOf(tables.queues, one.was)}</del> → </>}<ins>{nameOf(tables.queues, one.is)}</ins></span>
          </span></li>
        ))}
      </ul>
    </section>
  );
}

/** A text in both languages. */
export function Both({ label, value, set, most, long = false, required = true }: { label: Key; value: Texts; set: (value: Texts) => void; most: number; long?: boolean; required?: boolean }) {
  return (
    <div class="line both">
      {(["ru", "en"] as const).map((lang) => (
        <label key={lang}>{say(label)}, {say(lang === "ru" ? "tablesInRussian" : "tablesInEnglish")}
          {long ? <textarea lang={lang} rows={2} required={required} maxLength={most} value={value[lang]} onInput={(event) => set({ ...value, [lang]: event.currentTarget.value })} />
            : <input lang={lang} required={required} maxLength={most} value={value[lang]} onInput={(event) => set({ ...value, [lang]: event.currentTarget.value })} />}
        </label>
      ))}
    </div>
  );
}

/** One of a few. */
export function Choice({ label, value, set, options, disabled = false }: { label: Key; value: string; set: (value: string) => void; options: [string, string][]; disabled?: boolean }) {
  return (
    <label>{say(label)} <select value={value} disabled={disabled} onChange={(event) => set(event.currentTarget.value)}>
      {options.map(([code, name]) => <option key={code} value={code}>{name}</option>)}
    </select></label>
  );
}

/** "15 calendar_days"; "" for none. */
export function TermField({ label, value, set }: { label: Key; value: string; set: (value: string) => void }) {
  const [n = "", unit = "calendar_days"] = value ? value.split(" ") : [];
  const put = (count: string, of: string) => set(count ? `${count} ${of}` : "");
  return (
    <label>{say(label)} <span class="length">
      <input type="number" min={0} max={999} inputMode="numeric" value={n} onInput={(event) => put(event.currentTarget.value, unit)} />
      <select aria-label={say("tablesUnit")} value={unit} onChange={(event) => put(n, event.currentTarget.value)}>
        {unitNames.map((code) => <option key={code} value={code}>{unitText(code)}</option>)}
      </select>
    </span></label>
  );
}

export function FromField({ value, set, least }: { value: string; set: (value: string) => void; least: string }) {
  return <label>{say("tablesSince")} <input type="date" required min={least} value={value} onInput={(event) => set(event.currentTarget.value)} /></label>;
}
