// What an edit comes to: slots that appear and vanish, visits that are hit.

import { useEffect, useRef } from "preact/hooks";
import { say } from "../words";
import type { ChangedDay, Hit, Impact, Places, ServiceName } from "./api";
import { atText, dayText, hoursText, inWords } from "./shown";

export function ImpactView({ impact, services, today }: { impact: Impact; services: ServiceName[]; today: string }) {
  const { days, hits, more } = impact;
  const shown = useRef<HTMLElement>(null);
  useEffect(() => shown.current?.scrollIntoView({ block: "start" }), [impact]);
  return (
    <section class="impact" ref={shown} aria-label={say("impactTitle")} role="status">
      <h3>{hits.length ? say("impactHits", { n: hits.length }) : say("impactNoHits")}</h3>
      <ul class="rows">{hits.map((hit) => <HitRow key={hit.id} hit={hit} today={today} />)}</ul>
      <h3>{say("impactTitle")}</h3>
      {days.length === 0 && <p>{say("impactNoDays")}</p>}
      <ul class="rows">{days.map((day) => <DayRow key={day.date} day={day} services={services} today={today} />)}</ul>
      {more > 0 && <p class="meta">{say("impactMore", { n: more })}</p>}
    </section>
  );
}

export function DayRow({ day, services, today }: { day: ChangedDay; services: ServiceName[]; today: string }) {
  const name = (code: string) => inWords(services.find((service) => service.code === code)?.name) || code;
  return (
    <li>
      <span class="what">
        <strong>{dayText(day.date, today)}</strong>
        <span class="change">{day.before === day.after ? hoursText(day.after) : <><del>{hoursText(day.before)}</del> → <ins>{hoursText(day.after)}</ins></>}</span>
        {day.services.length > 0 && (
          <details>
            <summary class="meta">{say("impactPlaces")}</summary>
            {day.services.map((service) => (
              <span class="change" key={service.code}>
                {name(service.code)}: <del>{service.before}</del> → <ins>{service.after}</ins>
                {service.gone && <span class="meta">{say("impactGone", { times: timesOf(service.gone) })}</span>}
                {service.new && <span class="meta">{say("impactNew", { times: timesOf(service.new) })}</span>}
              </span>
            ))}
          </details>
        )}
      </span>
    </li>
  );
}

const timesOf = (list: Places[]): string => list.map(({ at, windows }) => windows > 1 ? `${at} × ${windows}` : at).join(", ");

function HitRow({ hit, today }: { hit: Hit; today: string }) {
  return (
    <li>
      <span class="what">
        <strong>{atText(hit.at, today)}</strong> {hit.name}
        <span class="meta">{inWords(hit.service)}, {say("windowN", { n: hit.window })}</span>
        {hit.how === "window" && <span>{say("hitWindow", { n: hit.to_window ?? 0 })}</span>}
        {hit.how === "moved" && <span>{say("hitMoved", { at: atText(hit.to ?? "", today), n: hit.to_window ?? 0 })}</span>}
        {hit.how === "called_off" && <span class="bad">{say("hitOff")}</span>}
        {hit.told && <details><summary class="meta">{say(hit.text ? "hitToldText" : "hitTold")}</summary><q class="said">{hit.told}</q></details>}
      </span>
    </li>
  );
}
