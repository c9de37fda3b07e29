// A card of one of the staff: who he is, what he may, and the way out for
// whoever has lost his password or his phone.

import { useState } from "preact/hooks";
import { useDesk } from "../context";
import { Sheet } from "../sheets";
import { say } from "../words";
import type { Card, People, Person } from "./admin";
import { permissionName, roleName } from "./names";
import { Once, Trouble, useDo } from "./parts";
import { territory } from "./people";

export function PersonSheet({ person, all, own, close }: { person: Person | undefined; all: People; own: number; close: () => void }) {
  const { admin } = useDesk();
  const [card, setCard] = useState<Card>(person ?? { login: "", name: "", roles: [], teams: [], territories: [] });
  const [given, setGiven] = useState<{ login: string; password: string }>();
  const { busy, error, run } = useDo();
  const set = (change: Partial<Card>) => setCard({ ...card, ...change });
  const save = (event: Event) => {
    event.preventDefault();
    const { login, name, roles, teams, territories } = card;
    void run(async () => {
      if (person) {
        await admin.change(person.id, { name, roles, teams, territories });
        return close();
      }
      const made = await admin.add({ login: login ?? "", name, roles, teams, territories });
      setGiven({ login: made.person.login, password: made.password });
    });
  };
  const self = person?.id === own;
  const title = person ? person.name : say("personAdd");
  if (given) {
    return (
      <Sheet label={title} leave={close}>
        <h2>{say("givenTitle")}</h2>
        <p>{say("givenText")}</p>
        <Once label={say("givenLogin", { login: given.login })} lines={[given.password]} />
        <p class="buttons"><button type="button" class="act" onClick={close}>{say("givenKept")}</button></p>
      </Sheet>
    );
  }
  const toggle = (field: "roles" | "teams" | "territories", code: string, on: boolean) =>
    set({ [field]: on ? [...card[field], code] : card[field].filter((one) => one !== code) });
  return (
    <Sheet label={title} leave={close}>
      <h2>{title}</h2>
      <form class="credentials" onSubmit={save}>
        {!person && (
          <>
            <label for="person-login">{say("login")}</label>
            <input id="person-login" value={card.login} autocapitalize="none" spellcheck={false} autocomplete="off" autoFocus required onInput={(event) => set({ login: event.currentTarget.value })} />
          </>
        )}
        <label for="person-name">{say("personName")}</label>
        <input id="person-name" value={card.name} autocomplete="off" required onInput={(event) => set({ name: event.currentTarget.value })} />
        <fieldset disabled={self}>
          <legend>{say("fieldRoles")}</legend>
          {all.roles.map(({ role, may, needs_second }) => (
            <label class="setting" key={role}>
              <input type="checkbox" checked={card.roles.includes(role)} onChange={(event) => toggle("roles", role, event.currentTarget.checked)} />
              <span>{roleName(role)} <span class="meta">{[...may.map(permissionName), needs_second ? say("roleNeedsSecond") : ""].filter(Boolean).join("; ")}</span></span>
            </label>
          ))}
        </fieldset>
        <fieldset disabled={self}>
          <Choice legend={say("fieldTerritories")} list={all.territories.map(({ code }) => [code, territory(all, code)])} chosen={card.territories} toggle={(code, on) => toggle("territories", code, on)} />
          <Choice legend={say("fieldTeams")} list={all.teams.map(({ code, name }) => [code, name])} chosen={card.teams} toggle={(code, on) => toggle("teams", code, on)} />
        </fieldset>
        {person && person.roles.join() !== card.roles.join() && <p class="hint" role="status">{say("personRolesHint")}</p>}
        <Trouble text={error} />
        <p class="buttons">
          <button class="act" disabled={busy}>{say(person ? "save" : "personAdd")}</button>
          <button type="button" class="quiet" onClick={close}>{say("cancel")}</button>
        </p>
      </form>
      {person && <Ways person={person} own={self} close={close} given={(password) => setGiven({ login: person.login, password })} />}
    </Sheet>
  );
}

function Choice({ legend, list, chosen, toggle }: { legend: string; list: (readonly [string, string])[]; chosen: string[]; toggle: (code: string, on: boolean) => void }) {
  if (list.length === 0) return null;
  return (
    <details class="belongs" open={chosen.length > 0}>
      <summary>{legend} {chosen.length > 0 && <span class="count">{chosen.length}</span>}</summary>
      <div class="options" role="group" aria-label={legend}>
        {list.map(([code, name]) => (
          <label class="setting" key={code}>
            <input type="checkbox" checked={chosen.includes(code)} onChange={(event) => toggle(code, event.currentTarget.checked)} />{name}
          </label>
        ))}
      </div>
    </details>
  );
}

/** What an administrator can do for, and to, somebody else. */
function Ways({ person, own, close, given }: { person: Person; own: boolean; close: () => void; given: (password: string) => void }) {
  const { admin } = useDesk();
  const [sure, setSure] = useState("");
  const { busy, error, run } = useDo();
  if (own) return <p class="meta">{say("personOwn")}</p>;
  const ways: { name: string; label: string; text: string; work: () => Promise<void> }[] = [
    { name: "password", label: say("wayPassword"), text: say("wayPasswordText"), work: async () => given((await admin.newPassword(person.id)).password) },
    ...(person.second ? [{ name: "second", label: say("waySecond"), text: say("waySecondText"), work: () => admin.act(person.id, "second").then(close) }] : []),
    { name: "sessions", label: say("waySessions"), text: say("waySessionsText"), work: () => admin.act(person.id, "sessions").then(close) },
    person.disabled
      ? { name: "enable", label: say("wayEnable"), text: say("wayEnableText"), work: () => admin.act(person.id, "enable").then(close) }
      : { name: "disable", label: say("wayDisable"), text: say("wayDisableText"), work: () => admin.act(person.id, "disable").then(close) },
  ];
  const chosen = ways.find(({ name }) => name === sure);
  return (
    <section class="part ways">
      <h3>{say("access")}</h3>
      {chosen ? (
        <>
          <p>{chosen.text}</p>
          <p class="buttons">
            <button type="button" class="act" disabled={busy} onClick={() => void run(chosen.work)}>{chosen.label}</button>
            <button type="button" class="quiet" onClick={() => setSure("")}>{say("cancel")}</button>
          </p>
        </>
      ) : <p class="buttons">{ways.map(({ name, label }) => <button key={name} type="button" class="quiet" onClick={() => setSure(name)}>{label}</button>)}</p>}
      <Trouble text={error} />
    </section>
  );
}
