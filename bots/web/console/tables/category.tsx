// Edits of categories, of what their forms ask, and of fields.

import { useState } from "preact/hooks";
import { say } from "../words";
import type { Item, Row, Tables } from "./api";
import { Both, Choice, Frame, FromField, type Form } from "./frame";
import { audienceNames, audienceText, categories, dayAfter, inOurs, needNames, needText, texts, typeText } from "./shown";

const pairs = (list: Row[], key = "code", name = "name"): [string, string][] => list.map((row) => [row[key] ?? "", inOurs(row, name)]);

export function CategoryForm({ category, ...form }: Form & { category: Row | undefined }) {
  const { tables } = form;
  const last = Math.max(0, ...categories(tables).map((row) => Number(row.place)));
  const [row, setRow] = useState<Row>(category ?? {
    code: "", kind: tables.kinds[0]?.kind ?? "", audience: "both", function: tables.functions[0]?.code ?? "", place: String(last + 10), offered: "true",
  });
  const [from, setFrom] = useState(category?.planned ? category.valid_from ?? "" : tables.today);
  const [fields, setFields] = useState<Item[]>([]);
  const set = (change: Row) => setRow({ ...row, ...change });
  const put = (name: string) => (value: { ru: string; en: string }) => set({ [name + "_ru"]: value.ru, [name + "_en"]: value.en });
  const edit = {
    category: {
      code: (row.code ?? "").trim(), new: !category, from, offered: row.offered === "true", kind: row.kind ?? "", audience: row.audience ?? "",
      function: row.function ?? "", place: Number(row.place), name: texts(row, "name"), plain: texts(row, "plain"), fields: category ? [] : fields,
    },
  };
  return (
    <Frame {...form} title={category ? `${category.code} ${inOurs(category)}` : say("categoryAdd")} hint={category ? "categoryHint" : "categoryAddHint"} edit={edit}>
      <div class="line">
        {!category && <label>{say("categoryCode")} <input required maxLength={6} value={row.code} placeholder={say("categoryCodeLike")} onInput={(event) => set({ code: event.currentTarget.value })} /></label>}
        <Choice label="categoryKind" value={row.kind ?? ""} set={(kind) => set({ kind })} options={pairs(tables.kinds, "kind")} disabled={!!category} />
        <Choice label="categoryAudience" value={row.audience ?? ""} set={(audience) => set({ audience })} options={audienceNames.map((code) => [code, audienceText(code)])} />
      </div>
      <Both label="categoryTitle" value={texts(row, "name")} set={put("name")} most={64} />
      <Both label="categoryPlain" value={texts(row, "plain")} set={put("plain")} most={200} long />
      <div class="line">
        <Choice label="categoryFunction" value={row.function ?? ""} set={(code) => set({ function: code })} options={pairs(tables.functions)} />
        <label>{say("categoryPlace")} <input type="number" required min={0} max={9999} value={row.place} onInput={(event) => set({ place: event.currentTarget.value })} /></label>
        <FromField value={from} set={setFrom} least={tables.today} />
      </div>
      <label class="setting"><input type="checkbox" checked={row.offered === "true"} onChange={(event) => set({ offered: String(event.currentTarget.checked) })} />{say("categoryOffered")}</label>
      {!category && <FieldsEditor tables={tables} fields={fields} set={setFields} />}
    </Frame>
  );
}

/** What a category's form asks beside what all ask, in order. */
export function itemsOf(tables: Tables, category: string, planned: boolean): Item[] {
  return tables.forms.filter((row) => row.category === category && (row.planned === "yes") === planned)
    .sort((a, b) => Number(a.place) - Number(b.place)).map((row) => ({ field: row.field ?? "", need: row.needed ?? "" }));
}

export function FormForm({ category, ...form }: Form & { category: Row }) {
  const { tables } = form;
  const code = category.code ?? "";
  const planned = tables.forms.find((row) => row.category === code && row.planned)?.valid_from;
  const [fields, setFields] = useState(itemsOf(tables, code, !!planned));
  const [from, setFrom] = useState(planned ?? dayAfter(tables.today));
  return (
    <Frame {...form} title={say("formTitle", { category: `${code} ${inOurs(category)}` })} hint="formHint" edit={{ form: { category: code, from, fields } }}>
      <div class="line"><FromField value={from} set={setFrom} least={dayAfter(tables.today)} /></div>
      <FieldsEditor tables={tables} fields={fields} set={setFields} />
    </Frame>
  );
}

function FieldsEditor({ tables, fields, set }: { tables: Tables; fields: Item[]; set: (fields: Item[]) => void }) {
  const label = (name: string) => inOurs(tables.fields.find((row) => row.name === name), "label") || name;
  const left = tables.fields.filter((row) => !fields.some((item) => item.field === row.name))
    .sort((a, b) => inOurs(a, "label").localeCompare(inOurs(b, "label")));
  const change = (n: number, item: Item) => set(fields.map((old, i) => i === n ? item : old));
  const move = (n: number, by: number) => {
    const next = [...fields], item = next.splice(n, 1)[0];
    if (item) next.splice(n + by, 0, item);
    set(next);
  };
  return (
    <fieldset>
      <legend>{say("formFields")}</legend>
      <ol class="rows fields">
        {fields.map((item, n) => (
          <li key={item.field}>
            <span class="what"><strong>{label(item.field)}</strong>
              {!needNames.includes(item.need) && <input aria-label={say("needCondition", { field: label(item.field) })} value={item.need} maxLength={200} onInput={(event) => change(n, { ...item, need: event.currentTarget.value })} />}
            </span>
            <select aria-label={say("needOf", { field: label(item.field) })} value={needNames.includes(item.need) ? item.need : "if"}
              onChange={(event) => change(n, { ...item, need: event.currentTarget.value === "if" ? "if " : event.currentTarget.value })}>
              {[...needNames, "if"].map((need) => <option key={need} value={need}>{needText(need)}</option>)}
            </select>
            <span class="moves">
              <button type="button" class="plain" disabled={n === 0} aria-label={say("fieldUp", { field: label(item.field) })} onClick={() => move(n, -1)}>↑</button>
              <button type="button" class="plain" disabled={n === fields.length - 1} aria-label={say("fieldDown", { field: label(item.field) })} onClick={() => move(n, 1)}>↓</button>
              <button type="button" class="plain" aria-label={say("fieldRemove", { field: label(item.field) })} onClick={() => set(fields.filter((_, i) => i !== n))}>×</button>
            </span>
          </li>
        ))}
      </ol>
      <div class="line"><label>{say("fieldAdd")} <select value="" onChange={(event) => event.currentTarget.value && set([...fields, { field: event.currentTarget.value, need: "always" }])}>
        <option value="">{say("fieldChoose")}</option>
        {left.map((row) => <option key={row.name} value={row.name}>{inOurs(row, "label")}</option>)}
      </select></label></div>
      {fields.some((item) => !needNames.includes(item.need)) && <p class="meta">{say("needHint")}</p>}
    </fieldset>
  );
}

export function FieldForm({ field, ...form }: Form & { field: Row | undefined }) {
  const { tables } = form;
  const [row, setRow] = useState<Row>(field ?? { name: "", type: tables.types[0] ?? "text" });
  const put = (name: string) => (value: { ru: string; en: string }) => setRow({ ...row, [name + "_ru"]: value.ru, [name + "_en"]: value.en });
  const edit = { field: { name: (row.name ?? "").trim(), new: !field, type: row.type ?? "", label: texts(row, "label"), ask: texts(row, "ask"), hint: texts(row, "hint") } };
  return (
    <Frame {...form} title={field ? inOurs(field, "label") : say("fieldNew")} hint="fieldNewHint" edit={edit}>
      {!field && (
        <div class="line">
          <label>{say("fieldCode")} <input required maxLength={30} pattern="[a-z][a-z0-9_]*" value={row.name} onInput={(event) => setRow({ ...row, name: event.currentTarget.value })} /></label>
          <Choice label="fieldType" value={row.type ?? ""} set={(type) => setRow({ ...row, type })} options={tables.types.map((type) => [type, typeText(type)])} />
        </div>
      )}
      <Both label="fieldLabel" value={texts(row, "label")} set={put("label")} most={64} />
      <Both label="fieldAsk" value={texts(row, "ask")} set={put("ask")} most={600} long />
      <Both label="fieldHint" value={texts(row, "hint")} set={put("hint")} most={200} required={false} />
    </Frame>
  );
}
