// The test of routes: where a case would go, and why.

import { useEffect, useState } from "preact/hooks";
import { useDesk } from "../context";
import { Trouble, why } from "../people/parts";
import type { State } from "../state";
import { say } from "../words";
import { dateAt } from "../zone";
import type { Ask, Book, Route } from "./api";
import { Because } from "./fields";
import { nameIn, queueName, word } from "./names";

export function RoutePage({ state, book }: { state: State; book: Book }) {
  const { cases } = useDesk();
  const today = dateAt(state.now);
  const [ask, setAsk] = useState<Ask>({ function: book.functions[0]?.code ?? "", territory: "", day: today, present: "now", absent: "", about: "" });
  const [route, setRoute] = useState<Route>();
  const [error, setError] = useState("");
  useEffect(() => {
    if (!ask.function) return;
    let over = false;
    const show = (found: Route | undefined, trouble: string) => {
      if (over) return; // something else is asked for since
      setRoute(found);
      setError(trouble);
    };
    cases.route(ask).then((found) => show(found, ""), (failure: unknown) => show(undefined, why(failure)));
    return () => { over = true; };
  }, [ask]);
  const set = (change: Partial<Ask>) => setAsk({ ...ask, ...change });
  const select = (name: keyof Ask, label: string, list: [string, string][]) => (
    <label>{label} <select value={ask[name]} onChange={(event) => set({ [name]: event.currentTarget.value })}>
      {list.map(([code, text]) => <option key={code} value={code}>{text}</option>)}
    </select></label>
  );
  return (
    <div class="route-test">
      <p class="meta">{say("routeText")}</p>
      <div class="line">
        {select("function", say("routeFunction"), book.functions.map(({ code, name }) => [code, word(name)]))}
        {select("territory", say("caseTerritory"), [["", say("caseUnknown")], ...book.territories.map(({ code }): [string, string] => [code, nameIn(book.territories, code)])])}
        <label>{say("routeDay")} <input type="date" value={ask.day} onChange={(event) => set({ day: event.currentTarget.value })} /></label>
        {select("present", say("routePresent"), [["", say("routeAnybody")], ["now", say("routeNow")], ["all", say("routeAll")]])}
      </div>
      <People label={say("routeAbsent")} book={book} chosen={ask.absent} set={(absent) => set({ absent })} disabled={!ask.present} />
      <People label={say("routeAbout")} book={book} chosen={ask.about} set={(about) => set({ about })} disabled={!ask.present} />
      <Trouble text={error} />
      {route && (
        <section class="part" aria-live="polite">
          <h2>{queueName(book, route.queue)}</h2>
          <Because why={route.why.map(word)} people={route.people.map(({ name }) => name)} />
        </section>
      )}
    </div>
  );
}

function People({ label, book, chosen, set, disabled }: { label: string; book: Book; chosen: string; set: (list: string) => void; disabled: boolean }) {
  const list = chosen ? chosen.split(",") : [];
  return (
    <details class="belongs">
      <summary>{label} {list.length > 0 && <span class="count">{list.length}</span>}</summary>
      <div class="options" role="group" aria-label={label}>
        {book.people.map(({ id, name }) => (
          <label class="setting" key={id}>
            <input type="checkbox" disabled={disabled} checked={list.includes(String(id))}
              onChange={(event) => set((event.currentTarget.checked ? [...list, String(id)] : list.filter((one) => one !== String(id))).join(","))} />{name}
          </label>
        ))}
      </div>
    </details>
  );
}
