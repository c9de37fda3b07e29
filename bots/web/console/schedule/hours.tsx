// Hours of a day as they are edited: stretches with breaks between them.

import { Icon } from "../icons";
import { say } from "../words";
import type { Spans } from "./shown";

export function HoursField({ label, spans, set, add = "scheduleBreak" }: {
  label: string; spans: Spans; set: (spans: Spans) => void; add?: "scheduleBreak" | "scheduleMoreHours";
}) {
  const change = (n: number, place: 0 | 1, value: string) => set(spans.map((span, i) => i !== n ? span : place ? [span[0], value] : [value, span[1]]));
  return (
    <div class="hours" role="group" aria-label={label}>
      {spans.map(([from, to], n) => (
        <span class="span" key={n}>
          <input type="time" value={from} required aria-label={`${label}: ${say("hoursFrom")}`} onInput={(event) => change(n, 0, event.currentTarget.value)} />
          –
          <input type="time" value={to} required aria-label={`${label}: ${say("hoursTo")}`} onInput={(event) => change(n, 1, event.currentTarget.value)} />
          <button type="button" class="plain" aria-label={`${label}: ${say("hoursDrop")}`} title={say("hoursDrop")} onClick={() => set(spans.filter((_, i) => i !== n))}><Icon name="close" /></button>
        </span>
      ))}
      {spans.length === 0 && <span class="meta">{say("scheduleClosed")}</span>}
      <button type="button" class="text" aria-label={`${label}: ${say(spans.length ? add : "hoursOpen")}`} onClick={() => set([...spans, spans.length ? ["", ""] : ["09:00", "18:00"]])}>
        {say(spans.length ? add : "hoursOpen")}
      </button>
    </div>
  );
}
