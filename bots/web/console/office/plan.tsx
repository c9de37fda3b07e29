// Who is in the hall and at the windows now, and what each window has before it.

import { Icon } from "../icons";
import { statusName } from "../people/names";
import { inWords, say } from "../words";
import { onward, plan, stepName, type Day, type Status, type Visit } from "./clerk";
import { numbers } from "./day";

/** What can be done with a visit from where it is shown. */
export interface Acts {
  busy: boolean;
  /** The clerk's own, 0 if he has not said. */
  window: number;
  open: (visit: Visit) => void;
  step: (visit: Visit, to: Status, window?: number) => Promise<void>;
}

export function Hall({ day, acts }: { day: Day; acts: Acts }) {
  if (day.date !== day.today) return null;
  const waiting = day.visits.filter((visit) => visit.status === "arrived");
  const called = day.visits.filter((visit) => visit.status === "called");
  const walkedIn = day.visits.filter((visit) => visit.walk_in && visit.status !== "arrived" && visit.status !== "called");
  return (
    <div class="hall">
      <section>
        <h3>{say("dayWaiting")} <span class="count">{waiting.length}</span></h3>
        {waiting.length === 0 ? <p class="empty">{say("dayNobodyWaits")}</p>
          : <ul class="visits">{waiting.map((visit) => <li key={visit.id}><Card visit={visit} day={day} acts={acts} /></li>)}</ul>}
      </section>
      <section>
        <h3>{say("dayCalled")} <span class="count">{called.length}</span></h3>
        {called.length === 0 ? <p class="empty">{say("dayNobodyCalled")}</p>
          : <ul class="visits">{called.map((visit) => <li key={visit.id}><Card visit={visit} day={day} acts={acts} /></li>)}</ul>}
      </section>
      {walkedIn.length > 0 && (
        <details class="walked-in">
          <summary>{say("dayWalkedIn")} <span class="count">{walkedIn.length}</span></summary>
          <ul class="visits">{walkedIn.map((visit) => <li key={visit.id}><Card visit={visit} day={day} acts={acts} /></li>)}</ul>
        </details>
      )}
    </div>
  );
}

export function Windows({ day, acts }: { day: Day; acts: Acts }) {
  const { cells, now } = plan(day);
  if (day.hours.length === 0 && cells.length === 0) return null;
  const past = day.date !== day.today;
  const walkIns = past ? day.visits.filter((visit) => visit.walk_in) : [];
  return (
    <section>
      <h3>{say("dayByWindows")}</h3>
      <div class="plan" style={{ gridTemplateColumns: `repeat(${day.office.windows}, minmax(132px, 1fr))` }}>
        {numbers(day.office.windows).map((n) => (
          <h4 key={n} style={{ gridColumn: n, gridRow: 1 }}>{say("dayWindow", { n })}<Serves day={day} window={n} /></h4>
        ))}
        <ul class="cells">
          {cells.map((cell) => (
            <li key={cell.visit ? cell.visit.id : `${cell.window} ${cell.from}`} class={cell.window ? undefined : "break"}
              style={{ gridColumn: cell.window || "1 / -1", gridRow: `${cell.first} / ${cell.last}` }}>
              {cell.visit ? <Card visit={cell.visit} day={day} acts={acts} planned />
                : cell.free || cell.shut ? <p class={cell.free ? "free" : "free shut-window"}><span class="number">{cell.from}–{cell.to}</span> {say(cell.free ? "dayFree" : "dayShut")}<span class="where">, {say("dayWindow", { n: cell.window })}</span></p>
                : say("dayBreak", { from: cell.from, to: cell.to })}
            </li>
          ))}
        </ul>
        {now > 0 && <span class="now" style={{ gridRow: now }} title={day.now} aria-hidden="true" />}
      </div>
      {walkIns.length > 0 && <><h3>{say("dayWalkedIn")} <span class="count">{walkIns.length}</span></h3>
        <ul class="visits">{walkIns.map((visit) => <li key={visit.id}><Card visit={visit} day={day} acts={acts} /></li>)}</ul></>}
    </section>
  );
}

/** What a window is for, where it is not for everything. */
function Serves({ day, window }: { day: Day; window: number }) {
  const served = day.services.filter((service) => service.windows.includes(window));
  if (served.length === day.services.length) return null;
  return <span class="meta">{served.map((service) => inWords(service.name)).join(", ")}</span>;
}

export function serviceName(day: Day, code: string): string {
  return inWords(day.services.find((service) => service.code === code)?.name) || code;
}

/** How far a visit has come, and where. */
export function stateOf(visit: Visit): string {
  if (visit.status === "called") return say("visitCalled", { n: visit.called_to });
  return visit.called_to ? say("visitAt", { status: statusName(visit.status), n: visit.called_to }) : statusName(visit.status);
}

/** A visit, with the step that leads on; planned: it stands under its window. */
export function Card({ visit, day, acts, planned = false }: { visit: Visit; day: Day; acts: Acts; planned?: boolean }) {
  if (visit.status === "held") return <p class="visit held"><span class="number">{visit.from}–{visit.to}</span> {statusName("held")}</p>;
  const name = visit.name || say("visitNameless", { code: visit.code });
  const next = onward(visit);
  const window = day.office.windows === 1 ? 1 : acts.window;
  const go = () => next === "called" && !window ? acts.open(visit) : void acts.step(visit, next as Status, next === "called" ? window : 0);
  return (
    <article class="visit" data-status={visit.status}>
      <p class="when number">{visit.walk_in ? visit.from : `${visit.from}–${visit.to}`}</p>
      <p class="code number" title={say("visitCode")}>{visit.code}</p>
      <button type="button" class="name text" aria-label={say("visitOpen", { name })} onClick={() => acts.open(visit)}>{name}</button>
      <p class="what">{serviceName(day, visit.service)}</p>
      <p class="meta">
        {visit.status !== "booked" && (planned || visit.status !== "arrived") && <span class="state">{stateOf(visit)}</span>}
        {visit.walk_in && <span>{say("visitWalkIn")}</span>}
        {!visit.walk_in && <span class={planned ? "where" : undefined}>{say("dayWindow", { n: visit.window })}</span>}
        {visit.confirmed && (visit.status === "booked" || visit.status === "moved") && <span class="sure"><Icon name="check" />{say("visitConfirmed")}</span>}
      </p>
      {next && <button type="button" class={next === "called" || next === "served" ? "act" : "quiet"} aria-disabled={acts.busy}
        aria-label={`${say(stepName(visit.status, next), { n: window })}: ${name}`} onClick={() => { if (!acts.busy) go(); }}>{say(next === "called" && !window ? "stepCallWhere" : stepName(visit.status, next), { n: window })}</button>}
    </article>
  );
}
