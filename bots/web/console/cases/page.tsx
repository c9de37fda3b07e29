// The part of the console in which cases are worked on: the queues beside the
// case that is open, the monitor, and the test of routes.

import { useEffect } from "preact/hooks";
import { useDesk } from "../context";
import { focusOn } from "../focus";
import { useRead } from "../people/parts";
import type { State } from "../state";
import { say, type Key } from "../words";
import type { Book } from "./api";
import { CasePage } from "./case";
import { Queues, wish } from "./list";
import { MonitorPage } from "./monitor";
import { RoutePage } from "./route";

/** What stands under #cases/: nothing, one of these, or a case's number. */
const views: [place: string, name: Key, may: "cases.see" | "cases.watch"][] = [["", "casesQueues", "cases.see"], ["monitor", "casesMonitor", "cases.watch"], ["route", "casesRoute", "cases.see"]];

export function CasesPage({ state }: { state: State }) {
  const desk = useDesk();
  const { value: book, failed, again } = useRead(() => desk.cases.book());
  const number = views.some(([place]) => place === state.place) ? "" : state.place;
  const open = (to: string) => desk.go("cases", to);
  useCaseKeys(state, number, open);
  const shown = views.filter(([, , may]) => state.staff?.may.includes(may));
  const view = number ? "" : state.place;
  return (
    <main class="cases" id="page" tabIndex={-1} data-pane={number ? "case" : "list"}>
      <nav class="case-views" aria-label={say("cases")}>
        {shown.map(([place, name]) => (
          <button key={place} type="button" class="plain" aria-current={view === place ? "page" : undefined} onClick={() => open(place)}>{say(name)}</button>
        ))}
      </nav>
      {failed && <p class="trouble" role="alert">{failed} <button type="button" class="text" onClick={() => void again()}>{say("retry")}</button></p>}
      {!book && !failed && <p class="empty" role="status">{say("loading")}</p>}
      {book && <View state={state} book={book} view={view} number={number} open={open} />}
    </main>
  );
}

function View({ state, book, view, number, open }: { state: State; book: Book; view: string; number: string; open: (to: string) => void }) {
  if (view === "monitor" && state.staff?.may.includes("cases.watch")) return <MonitorPage state={state} book={book} look={(change) => { wish(change); open(""); }} />;
  if (view === "route") return <RoutePage state={state} book={book} />;
  return (
    <div class="case-panes">
      <Queues state={state} book={book} number={number} open={open} />
      {number ? <CasePage key={number} state={state} book={book} number={number} leave={() => { open(""); focusOn("page"); }} />
        : <section class="case nobody"><h2>{say("casePickTitle")}</h2><p>{say("casePick")}</p></section>}
    </div>
  );
}

/** J and K walk through the list, / seeks, Escape goes back to it. */
function useCaseKeys(state: State, number: string, open: (to: string) => void): void {
  const { keys } = state.settings;
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      const target = event.target as HTMLElement;
      const typing = !!target.closest("input, textarea, select");
      if (target.closest("dialog") || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.code === "Escape") {
        if (typing) target.blur();
        else if (number) open("");
        return;
      }
      if (typing || !keys || event.shiftKey) return;
      const rows = [...document.querySelectorAll<HTMLAnchorElement>("#case-rows a")];
      const now = rows.findIndex((row) => row.getAttribute("aria-current"));
      const next = event.code === "KeyJ" ? rows[now + 1] : event.code === "KeyK" ? rows[Math.max(0, now - 1)] : undefined;
      if (event.code === "Slash") focusOn("case-search");
      else if (next) {
        next.click();
        focusOn("current-case");
      } else return;
      event.preventDefault();
    };
    addEventListener("keydown", press);
    return () => removeEventListener("keydown", press);
  }, [number, keys]);
}
