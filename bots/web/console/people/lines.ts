// What lines of the audit say: fields, values and subjects in words. What codes of
// data mean comes with the line; roles, states of visits and columns have their words
// here.

import type { Text } from "../cases/api";
import { channelName } from "../cases/names";
import { ruleName } from "../schedule/shown";
import { audienceText, audienceNames, dateText, markText, needText, receiverText, termText, typeText } from "../tables/shown";
import { inWords, say, type Key } from "../words";
import type { Change, Line } from "./admin";
import { roleName, statusName } from "./names";

const fields: Record<string, Key> = {
  name: "fieldName", roles: "fieldRoles", teams: "fieldTeams", territories: "fieldTerritories", state: "fieldState",
  second_factor: "fieldSecond", by: "fieldBy", eraser: "fieldEraser", norm: "fieldNorm", through: "fieldThrough", status: "fieldStatus", office: "fieldOffice", service: "fieldService",
  case_state: "fieldStatus", event: "fieldEvent", step: "fieldStep", queue: "caseQueue", category: "caseCategory", territory: "caseTerritory",
  person: "casePerson", override: "fieldOverride", waive: "fieldWaive", unmanned: "fieldUnmanned", other: "fieldOther", addressee: "fieldAddressee",
  field: "fieldField", reply: "fieldReply", payment: "fieldPayment", way: "fieldWay", contact: "fieldContact", channel: "fieldChannel", attempt: "fieldAttempt",
  first: "fieldFirst", last: "fieldLast", hours: "fieldHours", visits: "fieldVisits", sanitary: "fieldSanitary",
  windows: "fieldWindows", window: "fieldWindow", value: "fieldValue", act: "fieldAct", days: "fieldDays", messages: "fieldMessages", files: "fieldFiles",
};

/** Tables by which cases live, and their columns. */
const tables: Record<string, Key> = {
  categories: "caseCategory", forms: "formChange", fields: "fieldField", terms: "tableTerm", alerts: "warningsTitle", routes: "tableRoute", queues: "caseQueue",
};
const columns: Record<string, Key> = {
  place: "categoryPlace", code: "categoryCode", valid_from: "tablesSince", offered: "categoryOffered", kind: "categoryKind", audience: "categoryAudience",
  function: "categoryFunction", name: "categoryTitle", plain: "categoryPlain", category: "caseCategory", field: "fieldField", needed: "columnNeeded",
  type: "fieldType", secret: "columnSecret", label: "fieldLabel", ask: "fieldAsk", hint: "fieldHint",
  clock: "termClock", channel: "fieldChannel", company: "termCompany", legal: "tablesTermLegal", law: "termLaw", extension: "termExtension", how: "termHow",
  mark: "alertsWhen", receivers: "columnReceivers", territory: "caseTerritory", queue: "routeQueue", role: "columnRole", deputy: "queueDeputy", email: "queueEmail",
};

const subjects: Record<string, Key> = {
  category: "caseCategory", form: "formChange", field: "fieldField", route: "tableRoute", queue: "caseQueue", withdrawn: "subjectWithdrawn", term: "tableTerm",
  alerts: "warningsTitle", rule: "subjectRule", calendar: "subjectCalendar", office: "fieldOffice", visit: "subjectVisit",
};

const values: Record<string, Record<string, Key>> = {
  state: { active: "valueActive", disabled: "valueDisabled" },
  second_factor: { on: "valueOn", off: "valueOff" },
  by: { password: "valuePassword", code: "valueCode" },
  override: { on: "valueYes" }, waive: { on: "valueYes" }, unmanned: { on: "valueYes" }, offered: { true: "valueYes", false: "valueNo" }, secret: { true: "valueYes", false: "valueNo" },
  how: { add: "termAdded", total: "termTotal" },
};

/** Values that are written in a way of their own. */
const written: Record<string, (value: string) => string> = {
  roles: (value) => each(value, roleName), role: roleName, status: statusName, channel: channelName, audience: audienceText, type: typeText,
  needed: needText, mark: markText, receivers: (value) => each(value, receiverText), company: termText, legal: termText, extension: termText,
  first: day, last: day, valid_from: day,
};

const each = (value: string, name: (code: string) => string): string => value.split(/,? /).filter(Boolean).map(name).join(", ");
function day(value: string): string { return /^\d{4}-\d\d-\d\d$/.test(value) ? dateText(value) : value; }

/** What names a row, or a part of a subject: all territories, an audience, a channel, a mark have their words here. */
function part(text: Text): string {
  const said = inWords(text);
  if (/^(breach|\+\d+|\d+%)$/.test(said)) return markText(said);
  return said === "*" ? say("tablesEverywhere") : audienceNames.includes(said) ? audienceText(said) : channelName(said);
}

/** «Сроки, Ответ клиенту, Заявка: наш срок» */
export function changeName({ field, of = [] }: Change): string {
  const [table, column] = field.split(".");
  if (!column) return [word(fields, field), ...of.map(part)].join(" ");
  const [, name = "", language] = /^(.*?)(?:_(ru|en))?$/.exec(column) ?? [];
  const label = word(columns, name) + (language ? ` (${say(language === "ru" ? "tablesInRussian" : "tablesInEnglish")})` : "");
  return [word(tables, table ?? ""), ...of.map(part), label].join(", ");
}

function word(names: Record<string, Key>, code: string): string {
  const key = names[code];
  return key ? say(key) : code;
}

/** A value of a field in words. */
export function valueText({ field, names }: Change, value: string): string {
  const name = field.slice(field.indexOf(".") + 1);
  const key = values[name]?.[value];
  if (key) return say(key);
  if (!value) return "";
  if (names?.[value]) return inWords(names[value]);
  const write = written[name];
  return write ? write(value) : names ? value.split(", ").map((code) => names[code] ? inWords(names[code]) : code).join(", ") : value;
}

/** What a line is about: «Офис: Лесоозёрск», a team by its name. Numbers and logins stand for themselves. */
export function subjectText({ subject, about }: Line): string {
  const [what = "", ...rest] = subject.split("/");
  const key = subjects[what];
  if (!key || rest.length === 0) return about?.map(part).join(", ") || subject;
  const parts = about?.map(part) ?? (what === "rule" ? rest.map(ruleName) : what === "withdrawn" ? rest.map((table) => word(tables, table.replace("appeal_", ""))) : rest);
  return `${say(key)}: ${parts.join(", ")}`;
}
