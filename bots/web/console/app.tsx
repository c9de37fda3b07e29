// The whole page: its frame, its keys, its title.

import { useEffect } from "preact/hooks";
import { Banner } from "./banner";
import { Bar } from "./bar";
import { Card } from "./card";
import { DeskContext, useStore } from "./context";
import type { Desk } from "./desk";
import { Dialog } from "./dialog";
import { focusComposer, focusOn, focusRow } from "./focus";
import { command, type Command } from "./keys";
import { List } from "./list";
import { CloseSheet, HelpSheet, SessionSheet } from "./sheets";
import { SignIn } from "./signin";
import { AccountPage } from "./people/account";
import { Debts } from "./people/debts";
import { PeoplePage } from "./people/people";
import { canReply, sectionOf, type Section, type State } from "./state";
import { OnDemand, type Page } from "./ondemand";
import { Sign } from "./icons";
import { say, type Key } from "./words";

export function App({ desk }: { desk: Desk }) {
  const state = useStore(desk);
  useScheme(state.settings.scheme);
  useTitle(desk, state);
  useKeys(desk);
  return (
    <DeskContext.Provider value={desk}>
      {state.session === "checking" && <Splash reached={state.link !== "down" && state.link !== "offline"} />}
      {state.session === "out" && <SignIn ended={state.ended} />}
      {(state.session === "in" || state.session === "expired") && (state.staff?.owes.length ? <Debts state={state} />
        : sectionOf(state) === "desk" ? <Workplace state={state} /> : <Office state={state} />)}
      {state.session === "expired" && <SessionSheet login={state.staff?.login ?? ""} ended={state.ended} />}
      <p class="unseen" role="status">{state.announcement}</p>
    </DeskContext.Provider>
  );
}

function Workplace({ state }: { state: State }) {
  return (
    <div class="desk" data-pane={state.selected ? state.pane : "list"} data-card={state.pane === "card" ? "" : undefined}>
      {state.selected && <a class="skip" href="#log" onClick={(event) => { event.preventDefault(); focusOn("log"); }}>{say("skip")}</a>}
      <Bar state={state} />
      <Banner state={state} />
      <List state={state} />
      <Dialog state={state} />
      <Card state={state} />
      {state.sheet === "help" && <HelpSheet state={state} />}
      {state.sheet === "close" && state.selected && <CloseSheet handoff={state.selected} />}
    </div>
  );
}

/** The parts beside the desk. */
function Office({ state }: { state: State }) {
  const section = sectionOf(state);
  return (
    <div class="office">
      <Bar state={state} />
      <Banner state={state} />
      {section === "day" && <OnDemand key="day" load={dayPage} state={state} />}
      {section === "cases" && <OnDemand key="cases" load={casesPage} state={state} />}
      {section === "schedule" && <OnDemand key="schedule" load={schedulePage} state={state} />}
      {section === "tables" && <OnDemand key="tables" load={tablesPage} state={state} />}
      {section === "quarantine" && <OnDemand key="quarantine" load={quarantinePage} state={state} />}
      {section === "publications" && <OnDemand key="publications" load={publicationsPage} state={state} />}
      {section === "indicators" && <OnDemand key="indicators" load={indicatorsPage} state={state} />}
      {section === "links" && <OnDemand key="links" load={linksPage} state={state} />}
      {section === "people" && <PeoplePage state={state} />}
      {section === "audit" && <OnDemand key="audit" load={auditPage} state={state} />}
      {section === "account" && <AccountPage state={state} />}
      {state.sheet === "help" && <HelpSheet state={state} />}
    </div>
  );
}

/** What only some of the staff work with comes when they open it. */
const casesPage = (): Promise<Page> => import("./cases/page").then((module) => module.CasesPage);
const dayPage = (): Promise<Page> => import("./office/day").then((module) => module.DayPage);
const schedulePage = (): Promise<Page> => import("./schedule/page").then((module) => module.SchedulePage);
const tablesPage = (): Promise<Page> => import("./tables/page").then((module) => module.TablesPage);
const quarantinePage = (): Promise<Page> => import("./people/quarantine").then((module) => module.QuarantinePage);
const auditPage = (): Promise<Page> => import("./people/audit").then((module) => module.AuditPage);
const linksPage = (): Promise<Page> => import("./people/links").then((module) => module.LinksPage);
const publicationsPage = (): Promise<Page> => import("./publications/page").then((module) => module.PublicationsPage);
const indicatorsPage = (): Promise<Page> => import("./indicators/page").then((module) => module.IndicatorsPage);

const titles: Record<Section, Key> = { desk: "title", cases: "titleCases", day: "titleDay", schedule: "titleSchedule", tables: "titleTables", quarantine: "titleQuarantine", publications: "titlePublications", indicators: "titleIndicators", links: "titleLinks", people: "titlePeople", audit: "titleAudit", account: "titleAccount" };

function Splash({ reached }: { reached: boolean }) {
  return (
    <main class="splash">
      <Sign />
      <p role="status">{say(reached ? "opening" : "openingDown")}</p>
    </main>
  );
}

function useScheme(wanted: State["settings"]["scheme"]): void {
  useEffect(() => {
    const dark = matchMedia("(prefers-color-scheme: dark)");
    const set = () => {
      document.documentElement.dataset.scheme = wanted === "auto" ? dark.matches ? "dark" : "light" : wanted;
    };
    set();
    dark.addEventListener("change", set);
    return () => dark.removeEventListener("change", set);
  }, [wanted]);
}

function useTitle(desk: Desk, state: State): void {
  useEffect(() => {
    const n = state.session === "in" ? desk.attention() : 0;
    const title = say(titles[sectionOf(state)]);
    document.title = n ? `(${n}) ${title}` : title;
  });
}

function useKeys(desk: Desk): void {
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      const { state } = desk.store;
      const target = event.target as HTMLElement;
      const typing = !!target.closest("input, textarea, select");
      if (state.session !== "in" || sectionOf(state) !== "desk" || target.closest("dialog") || event.isComposing) return;
      const what = command(event, typing, state.settings.keys);
      if (what && run(desk, what, target)) event.preventDefault();
    };
    addEventListener("keydown", press);
    return () => removeEventListener("keydown", press);
  }, [desk]);
}

/** Does what a key stands for; false if it stands for nothing here. */
function run(desk: Desk, what: Command, target: HTMLElement): boolean {
  const { store } = desk;
  const { selected, queue, pane } = store.state;
  const mine = selected && canReply(store.state, selected);
  switch (what) {
    case "help": store.dispatch({ do: "sheet", sheet: "help" }); return true;
    case "next": desk.step(1); focusRow(); return true;
    case "previous": desk.step(-1); focusRow(); return true;
    case "take": {
      const wanted = selected?.state === "waiting" ? selected : queue?.waiting[0];
      if (wanted) void desk.take(wanted).then(focusComposer);
      return !!wanted;
    }
    case "reply": if (mine) { desk.edit(selected.conversation, { mode: "reply" }); focusComposer(); } return !!mine;
    case "note": if (selected) { desk.edit(selected.conversation, { mode: "note" }); focusComposer(); } return !!selected;
    case "return": if (mine) void desk.giveBack(selected); return !!mine;
    case "close": if (mine) desk.askClose(selected); return !!mine;
    case "card": store.dispatch({ do: "pane", pane: pane === "card" ? "dialog" : "card" }); return !!selected;
    case "leave":
      if (pane === "card") store.dispatch({ do: "pane", pane: "dialog" });
      else if (target.closest(".composer")) focusOn("log");
      else focusRow();
      return true;
  }
}
