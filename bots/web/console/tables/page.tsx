// By what cases live: categories and their forms, terms and warnings, routes and
// queues. An administrator edits them, a supervisor looks.

import type { ComponentChildren } from "preact";
import { useEffect, useState } from "preact/hooks";
import { useDesk } from "../context";
import { Icon } from "../icons";
import { useRead } from "../people/parts";
import type { State } from "../state";
import { say, type Key } from "../words";
import type { Change, Edit, Row, Tables } from "./api";
import { CategoryForm, FieldForm, FormForm, itemsOf } from "./category";
import { Frame } from "./frame";
import { QueueForm, RouteForm, ruleOf, type Way } from "./route";
import { AlertsForm, marksOf, TermForm } from "./term";
import { categories, clockNames, clockText, dateText, inOurs, markText, nameOf, needText, placeName, receiverText, subjectText, termText, typeText } from "./shown";

type Wanted =
  | { what: "category"; row: Row | undefined } | { what: "form"; row: Row } | { what: "field"; row: Row | undefined }
  | { what: "term"; row: Row | undefined } | { what: "alerts"; clock: string } | { what: "route"; way: Way } | { what: "queue"; row: Row | undefined }
  | { what: "withdraw"; edit: Edit };

/** Opens an edit; undefined for who may only look. */
type Open = ((wanted: Wanted) => void) | undefined;

export function TablesPage({ state }: { state: State }) {
  const { keeper } = useDesk();
  const { value: tables, failed, again } = useRead(() => keeper.read());
  const [wanted, setWanted] = useState<Wanted>();
  const [said, setSaid] = useState("");
  useEffect(() => { if (said) { const timer = setTimeout(() => setSaid(""), 6000); return () => clearTimeout(timer); } }, [said]);
  const open: Open = state.staff?.may.includes("tables.keep") ? setWanted : undefined;
  const done = (saved: Change | undefined) => {
    setWanted(undefined);
    if (saved) setSaid(say(saved.from && tables && saved.from > tables.today ? "tablesSavedFrom" : "tablesSaved", { day: saved.from ? dateText(saved.from) : "" }));
    void again();
  };
  return (
    <main class="page wide tables" id="page" tabIndex={-1}>
      <div class="top"><h2>{say("tables")}</h2></div>
      <p class="meta">{say("tablesText")}</p>
      {failed && <p class="trouble" role="alert">{failed} <button type="button" class="text" onClick={() => void again()}>{say("retry")}</button></p>}
      {!tables && !failed && <p class="empty" role="status">{say("loading")}</p>}
      <p class="saved" role="status">{said}</p>
      {tables && <Categories tables={tables} open={open} />}
      {tables && <Terms tables={tables} open={open} />}
      {tables && <Alerts tables={tables} open={open} />}
      {tables && <Routes tables={tables} open={open} />}
      {tables && <Queues tables={tables} open={open} />}
      {tables && <Fields tables={tables} open={open} />}
      {tables && wanted && <EditSheet wanted={wanted} tables={tables} done={done} again={again} />}
    </main>
  );
}

function EditSheet({ wanted, ...form }: { wanted: Wanted; tables: Tables; done: (saved: Change | undefined) => void; again: () => Promise<void> }) {
  switch (wanted.what) {
    case "category": return <CategoryForm {...form} category={wanted.row} />;
    case "form": return <FormForm {...form} category={wanted.row} />;
    case "field": return <FieldForm {...form} field={wanted.row} />;
    case "term": return <TermForm {...form} term={wanted.row} />;
    case "alerts": return <AlertsForm {...form} clock={wanted.clock} />;
    case "route": return <RouteForm {...form} way={wanted.way} />;
    case "queue": return <QueueForm {...form} queue={wanted.row} />;
    case "withdraw": return <Frame {...form} title={say("withdrawTitle")} hint="withdrawHint" edit={wanted.edit} />;
  }
}

function Part({ title, add, act, shut = false, children }: { title: Key; add?: Key; act?: (() => void) | undefined; shut?: boolean; children: ComponentChildren }) {
  return (
    <details class="part" open={!shut}>
      <summary><h3>{say(title)}</h3></summary>
      {children}
      {add && act && <p class="buttons"><button type="button" class="act" onClick={act}><Icon name="plus" />{say(add)}</button></p>}
    </details>
  );
}

/** A button of a row, which says what it is about to those who hear it. */
function Act({ label, of, act }: { label: Key; of: string; act: () => void }) {
  return <button type="button" class="quiet" aria-label={`${say(label)}: ${of}`} onClick={act}>{say(label)}</button>;
}

/** What is planned, and the button that takes it back. */
function Planned({ row, text, table, names, open }: { row: Row; text: string; table: string; names: string[]; open: Open }) {
  const from = row.valid_from ?? "";
  const take = () => open?.({ what: "withdraw", edit: { withdraw: { table, from, key: Object.fromEntries(names.map((column) => [column, row[column] ?? ""])) } } });
  return (
    <span class="planned"><span class="tag">{say("tablesPlanned", { day: dateText(from) })}</span> {text}
      {open && <button type="button" class="text" onClick={take}>{say("withdraw")}</button>}</span>
  );
}

function Categories({ tables, open }: { tables: Tables; open: Open }) {
  const all = categories(tables);
  return (
    <Part title="categoriesTitle" add="categoryAdd" act={open && (() => open({ what: "category", row: undefined }))}>
      {tables.kinds.map((kind) => (
        <section key={kind.kind}>
          <h4>{inOurs(kind)}</h4>
          <ul class="rows">{all.filter((row) => row.kind === kind.kind).map((row) => <CategoryRow key={row.code} newest={row} tables={tables} open={open} />)}</ul>
        </section>
      ))}
    </Part>
  );
}

function CategoryRow({ newest, tables, open }: { newest: Row; tables: Tables; open: Open }) {
  const code = newest.code ?? "";
  const row = tables.categories.find((one) => one.code === code && !one.planned) ?? newest;
  const title = `${code} ${inOurs(row)}`;
  const form = tables.forms.find((one) => one.category === code && one.planned);
  const asks = (planned: boolean) => itemsOf(tables, code, planned).map((item) =>
    nameOf(tables.fields, item.field, "name", "label") + (item.need === "always" ? "" : ` (${needText(item.need)})`)).join(", ") || say("formNothing");
  return (
    <li class={row.offered === "true" ? undefined : "off"}>
      <span class="what">
        <strong>{title}</strong> {row.offered !== "true" && <span class="tag">{say("categoryRetired")}</span>}
        <span class="meta">{nameOf(tables.functions, row.function ?? "")}: {inOurs(row, "plain")}</span>
        <span class="meta">{say("formAsks", { fields: asks(false) })}</span>
        {newest.planned && <Planned row={newest} table="appeal_categories" names={["code"]} open={open} text={newest.offered === "true" ? inOurs(newest) : say("categoryRetired")} />}
        {form && <Planned row={form} table="appeal_forms" names={["category"]} open={open} text={say("formAsks", { fields: asks(true) })} />}
      </span>
      {open && <span class="acts">
        <Act label="change" of={title} act={() => open({ what: "category", row: newest })} />
        <Act label="formChange" of={title} act={() => open({ what: "form", row: newest })} />
      </span>}
    </li>
  );
}

const termKey = ["clock", "kind", "category", "audience", "channel"];

function Terms({ tables, open }: { tables: Tables; open: Open }) {
  const told = (row: Row) => [
    row.company && say("termCompanyIs", { term: termText(row.company) }), row.legal && say("termLegalIs", { term: termText(row.legal), law: inOurs(row, "law") }),
    row.extension && say(row.how === "total" ? "termTotalIs" : "termExtensionIs", { term: termText(row.extension) }),
  ].filter(Boolean).join("; ") || say("tablesNone");
  const same = (a: Row, b: Row) => termKey.every((column) => a[column] === b[column]);
  const held = tables.terms.filter((row) => !row.planned);
  const fresh = tables.terms.filter((row) => row.planned && !held.some((old) => same(old, row)));
  return (
    <Part title="termsTitle" add="termAdd" act={open && (() => open({ what: "term", row: undefined }))}>
      {clockNames.map((clock) => (
        <section key={clock}>
          <h4>{clockText(clock)}</h4>
          <ul class="rows">
            {[...held, ...fresh].filter((row) => row.clock === clock).map((row) => {
              const planned = tables.terms.filter((one) => one.planned && same(one, row));
              const title = subjectText(row, tables);
              return (
                <li key={termKey.map((column) => row[column]).join()}>
                  <span class="what"><strong>{title}</strong> {!row.planned && <span class="meta">{told(row)}</span>}
                    {planned.map((one) => <Planned key={one.valid_from} row={one} table="appeal_terms" names={termKey} open={open} text={told(one)} />)}
                  </span>
                  {open && <Act label="change" of={`${clockText(clock)}: ${title}`} act={() => open({ what: "term", row: planned[0] ?? row })} />}
                </li>
              );
            })}
          </ul>
        </section>
      ))}
    </Part>
  );
}

function Alerts({ tables, open }: { tables: Tables; open: Open }) {
  const told = (clock: string, planned: boolean) => marksOf(tables, clock, planned).map((one) => `${markText(one.mark)}: ${one.to.map(receiverText).join(", ")}`).join("; ");
  return (
    <Part title="warningsTitle" shut>
      <ul class="rows">
        {clockNames.filter((clock) => clock !== "content").map((clock) => {
          const planned = tables.alerts.find((row) => row.clock === clock && row.planned);
          return (
            <li key={clock}>
              <span class="what"><strong>{clockText(clock)}</strong> <span class="meta">{told(clock, false)}</span>
                {planned && <Planned row={planned} table="appeal_alerts" names={["clock"]} open={open} text={told(clock, true)} />}</span>
              {open && <Act label="change" of={clockText(clock)} act={() => open({ what: "alerts", clock })} />}
            </li>
          );
        })}
      </ul>
    </Part>
  );
}

function Routes({ tables, open }: { tables: Tables; open: Open }) {
  const places = ["*", ...tables.territories.map((one) => one.code)];
  const cell = (way: Way) => {
    const now = ruleOf(tables, way, false), next = ruleOf(tables, way, true);
    const text = now?.queue ? nameOf(tables.queues, now.queue) : "–";
    return { text: next ? `${text} → ${next.queue ? nameOf(tables.queues, next.queue) : "–"}` : text, next };
  };
  return (
    <Part title="routesTitle">
      <p class="meta">{say("routesText")}</p>
      {tables.functions.map((row) => (
        <details key={row.code} class="function">
          <summary><strong>{row.code} {inOurs(row)}</strong> <span class="meta">{summary(tables, row.code ?? "")}</span></summary>
          <ul class="rows">
            {places.map((territory) => {
              const way = { function: row.code ?? "", territory };
              const { text, next } = cell(way);
              return (
                <li key={territory}>
                  <span class="what"><strong>{placeName(tables.territories, territory)}</strong> <span class="meta">{text}</span>
                    {next && <Planned row={next} table="appeal_routes" names={["function", "territory"]} open={open} text={next.queue ? nameOf(tables.queues, next.queue) : say("routeNone")} />}</span>
                  {open && <Act label="change" of={`${inOurs(row)}, ${placeName(tables.territories, territory)}`} act={() => open({ what: "route", way })} />}
                </li>
              );
            })}
          </ul>
        </details>
      ))}
    </Part>
  );
}

/** The queues of a function, each once. */
function summary(tables: Tables, of: string): string {
  const list = tables.routes.filter((row) => row.function === of && !row.planned && row.queue).map((row) => nameOf(tables.queues, row.queue ?? ""));
  return [...new Set(list)].join(" · "); // their names have commas in them
}

function Queues({ tables, open }: { tables: Tables; open: Open }) {
  return (
    <Part title="queuesTitle" add="queueAdd" act={open && (() => open({ what: "queue", row: undefined }))} shut>
      <ul class="rows">
        {tables.queues.map((row) => (
          <li key={row.code}>
            <span class="what"><strong>{inOurs(row)}</strong> <span class="meta">{row.code}, {row.email}</span>
              <span class="meta">{row.deputy ? say("queueDeputyIs", { queue: nameOf(tables.queues, row.deputy) }) : say("queueNoDeputy")}</span></span>
            {open && <Act label="change" of={inOurs(row)} act={() => open({ what: "queue", row })} />}
          </li>
        ))}
      </ul>
    </Part>
  );
}

function Fields({ tables, open }: { tables: Tables; open: Open }) {
  return (
    <Part title="fieldsTitle" add="fieldNew" act={open && (() => open({ what: "field", row: undefined }))} shut>
      <ul class="rows">
        {tables.fields.map((row) => (
          <li key={row.name}>
            <span class="what"><strong>{inOurs(row, "label")}</strong> <span class="meta">{typeText(row.type ?? "")}</span><span class="meta">{inOurs(row, "ask")}</span></span>
            {open && <Act label="change" of={inOurs(row, "label")} act={() => open({ what: "field", row })} />}
          </li>
        ))}
      </ul>
    </Part>
  );
}
