// Edits of terms, and of who is warned that they run out.

import { useState } from "preact/hooks";
import { say } from "../words";
import type { Mark, Row, Tables } from "./api";
import { Both, Choice, Frame, FromField, TermField, type Form } from "./frame";
import { audienceNames, audienceText, categories, clockNames, clockText, dayAfter, inOurs, receiverNames, receiverText, subjectText, texts } from "./shown";

export function TermForm({ term, ...form }: Form & { term: Row | undefined }) {
  const { tables } = form;
  const [row, setRow] = useState<Row>(term ?? { clock: "answer", kind: tables.kinds[0]?.kind ?? "", category: "", audience: "both", channel: "", company: "", legal: "", extension: "", how: "" });
  const [from, setFrom] = useState(term?.planned ? term.valid_from ?? "" : dayAfter(tables.today));
  const set = (change: Row) => setRow({ ...row, ...change });
  const law = texts(row, "law");
  const edit = {
    term: {
      clock: row.clock ?? "", kind: row.kind ?? "", category: row.category ?? "", audience: row.audience ?? "", channel: row.channel ?? "", from,
      company: row.company ?? "", legal: row.legal ?? "", law, extension: row.extension ?? "", how: row.extension ? row.how || "add" : "",
    },
  };
  const ofKind: [string, string][] = categories(tables).filter((one) => one.kind === row.kind).map((one) => [one.code ?? "", `${one.code} ${inOurs(one)}`]);
  return (
    <Frame {...form} title={term ? `${clockText(row.clock ?? "")}: ${subjectText(row, tables)}` : say("termAdd")} hint="termHint" edit={edit}>
      {!term && (
        <div class="line">
          <Choice label="termClock" value={row.clock ?? ""} set={(clock) => set({ clock })} options={clockNames.map((code) => [code, clockText(code)])} />
          <Choice label="categoryKind" value={row.kind ?? ""} set={(kind) => set({ kind, category: "" })} options={tables.kinds.map((one) => [one.kind ?? "", inOurs(one)])} />
          <Choice label="termCategory" value={row.category ?? ""} set={(category) => set({ category })} options={[["", say("termAllOfKind")], ...ofKind]} />
          <Choice label="categoryAudience" value={row.audience ?? ""} set={(audience) => set({ audience })} options={audienceNames.map((code) => [code, audienceText(code)])} />
        </div>
      )}
      <div class="line">
        <TermField label="termCompany" value={row.company ?? ""} set={(company) => set({ company })} />
        <TermField label="tablesTermLegal" value={row.legal ?? ""} set={(legal) => set(legal ? { legal } : { legal, law_ru: "", law_en: "" })} />
      </div>
      {row.legal && <Both label="termLaw" value={law} set={(value) => set({ law_ru: value.ru, law_en: value.en })} most={200} />}
      {row.clock === "answer" && (
        <div class="line">
          <TermField label="termExtension" value={row.extension ?? ""} set={(extension) => set({ extension })} />
          {row.extension && <Choice label="termHow" value={row.how || "add"} set={(how) => set({ how })} options={[["add", say("termAdded")], ["total", say("termTotal")]]} />}
        </div>
      )}
      <div class="line"><FromField value={from} set={setFrom} least={dayAfter(tables.today)} /></div>
    </Frame>
  );
}

/** Who hears of a clock, in the order of the moments. */
export function marksOf(tables: Tables, clock: string, planned: boolean): Mark[] {
  const order = (mark: string) => mark === "breach" ? 100 : mark.startsWith("+") ? 100 + Number(mark.slice(1)) : parseInt(mark, 10);
  return tables.alerts.filter((row) => row.clock === clock && (row.planned === "yes") === planned)
    .map((row) => ({ mark: row.mark ?? "", to: (row.receivers ?? "").split(" ").filter(Boolean) })).sort((a, b) => order(a.mark) - order(b.mark));
}

export function AlertsForm({ clock, ...form }: Form & { clock: string }) {
  const { tables } = form;
  const planned = tables.alerts.find((row) => row.clock === clock && row.planned)?.valid_from;
  const [marks, setMarks] = useState(marksOf(tables, clock, !!planned));
  const [from, setFrom] = useState(planned ?? dayAfter(tables.today));
  const change = (n: number, to: Partial<Mark>) => setMarks(marks.map((old, i) => i === n ? { ...old, ...to } : old));
  return (
    <Frame {...form} title={say("alertsTitle", { clock: clockText(clock) })} hint="alertsHint" edit={{ alerts: { clock, from, marks } }}>
      <div class="line"><FromField value={from} set={setFrom} least={dayAfter(tables.today)} /></div>
      {marks.map((one, n) => (
        <fieldset key={n} class="mark">
          <legend>{say("alertsMark", { n: n + 1 })}</legend>
          <label>{say("alertsWhen")} <input required maxLength={6} value={one.mark} placeholder="80%" onInput={(event) => change(n, { mark: event.currentTarget.value })} /></label>
          {receiverNames.map((code) => (
            <label class="setting" key={code}><input type="checkbox" checked={one.to.includes(code)}
              onChange={(event) => change(n, { to: event.currentTarget.checked ? [...one.to, code] : one.to.filter((old) => old !== code) })} />{receiverText(code)}</label>
          ))}
          <button type="button" class="text" onClick={() => setMarks(marks.filter((_, i) => i !== n))}>{say("alertsRemove")}</button>
        </fieldset>
      ))}
      <p><button type="button" class="quiet" onClick={() => setMarks([...marks, { mark: "80%", to: ["keeper"] }])}>{say("alertsAdd")}</button></p>
    </Frame>
  );
}
