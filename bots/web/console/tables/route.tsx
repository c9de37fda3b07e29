// Which queue answers for what where, and who stands in for it.

import { useState } from "preact/hooks";
import { say } from "../words";
import type { Row, Tables } from "./api";
import { Both, Choice, Frame, FromField, type Form } from "./frame";
import { inOurs, nameOf, placeName, texts } from "./shown";

export interface Way { function: string; territory: string }

/** The rule of a function in a territory: the one that holds, or the planned one. */
export const ruleOf = (tables: Tables, way: Way, planned: boolean): Row | undefined =>
  tables.routes.find((row) => row.function === way.function && row.territory === way.territory && (row.planned === "yes") === planned);

const queues = (tables: Tables, but = ""): [string, string][] =>
  tables.queues.filter((row) => row.code !== but).map((row): [string, string] => [row.code ?? "", `${inOurs(row)} (${row.code})`]).sort((a, b) => a[1].localeCompare(b[1]));

export function RouteForm({ way, ...form }: Form & { way: Way }) {
  const { tables } = form;
  const rule = ruleOf(tables, way, true) ?? ruleOf(tables, way, false);
  const [queue, setQueue] = useState(rule?.queue ?? "");
  const [from, setFrom] = useState(rule?.planned ? rule.valid_from ?? "" : tables.today);
  return (
    <Frame {...form} title={`${nameOf(tables.functions, way.function)}: ${placeName(tables.territories, way.territory)}`} hint="routeHint" edit={{ route: { ...way, from, queue } }}>
      <div class="line">
        <Choice label="routeQueue" value={queue} set={setQueue} options={[["", say("routeNone")], ...queues(tables)]} />
        <FromField value={from} set={setFrom} least={tables.today} />
      </div>
    </Frame>
  );
}

export function QueueForm({ queue, ...form }: Form & { queue: Row | undefined }) {
  const { tables } = form;
  const [row, setRow] = useState<Row>(queue ?? { code: "", deputy: "", email: "" });
  const set = (change: Row) => setRow({ ...row, ...change });
  const edit = { queue: { code: (row.code ?? "").trim(), new: !queue, name: texts(row, "name"), email: row.email ?? "", deputy: row.deputy ?? "" } };
  return (
    <Frame {...form} title={queue ? `${inOurs(queue)} (${queue.code})` : say("queueAdd")} hint="queueHint" edit={edit}>
      {!queue && <div class="line"><label>{say("queueCode")} <input required maxLength={40} pattern="[a-z][a-z0-9\-]*" value={row.code} onInput={(event) => set({ code: event.currentTarget.value })} /></label></div>}
      <Both label="queueName" value={texts(row, "name")} set={(value) => set({ name_ru: value.ru, name_en: value.en })} most={64} />
      <div class="line">
        <label>{say("queueEmail")} <input type="email" required maxLength={100} value={row.email} onInput={(event) => set({ email: event.currentTarget.value })} /></label>
        <Choice label="queueDeputy" value={row.deputy ?? ""} set={(deputy) => set({ deputy })} options={[["", say("queueNoDeputy")], ...queues(tables, row.code)]} />
      </div>
    </Frame>
  );
}
