// The day on paper: what is printed instead of the page.

import { statusName } from "../people/names";
import { inWords, named, say } from "../words";
import type { Day } from "./clerk";
import { reasonOf } from "./day";
import { serviceName } from "./plan";

export function Paper({ day }: { day: Day }) {
  const visits = day.visits.filter((visit) => visit.status !== "cancelled" && visit.status !== "held");
  const why = reasonOf(day);
  return (
    <div class="paper" aria-hidden="true">
      <h2>{say("paperTitle", { office: inWords(day.office.name), day: named(day.date) })}</h2>
      <p>{inWords(day.office.address)}. {day.hours.length ? day.hours.join(", ") : say(why ? "dayClosedWhy" : "dayClosed", { why })}. {say("paperAt", { at: day.now })}</p>
      <table>
        <thead><tr>{([["paperTime"], ["visitWindow"], ["visitCode"], ["paperWho"], ["visitService"], ["visitState"]] as const).map(([key]) => <th key={key}>{say(key)}</th>)}</tr></thead>
        <tbody>
          {visits.map((visit) => (
            <tr key={visit.id}>
              <td>{visit.from}</td><td>{visit.called_to || visit.window || ""}</td><td>{visit.code}</td><td>{visit.name}</td><td>{serviceName(day, visit.service)}</td>
              <td>{visit.status === "booked" ? "" : statusName(visit.status)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {visits.length === 0 && <p>{say("dayNobody")}</p>}
    </div>
  );
}
