// Who there is: the list, a card of each, the teams.

import { useState } from "preact/hooks";
import { useDesk } from "../context";
import { Icon } from "../icons";
import type { State } from "../state";
import { say } from "../words";
import type { People, Person, Team } from "./admin";
import { roleName } from "./names";
import { Trouble, useDo, useRead } from "./parts";
import { PersonSheet } from "./person";

export function PeoplePage({ state }: { state: State }) {
  const desk = useDesk();
  const { value, failed, again } = useRead(() => desk.admin.people());
  const [open, setOpen] = useState<Person | "new">();
  const [sought, seek] = useState("");
  const keeps = !!state.staff?.may.includes("staff.keep");
  const close = () => { setOpen(undefined); void again(); };
  return (
    <main class="page" id="page" tabIndex={-1}>
      <div class="top">
        <h2>{say("people")}</h2>
        {keeps && <button type="button" class="act" onClick={() => setOpen("new")}><Icon name="plus" />{say("personAdd")}</button>}
      </div>
      {failed && <p class="trouble" role="alert">{failed} <button type="button" class="text" onClick={() => void again()}>{say("retry")}</button></p>}
      {!value && !failed && <p class="empty" role="status">{say("loading")}</p>}
      {value && (
        <>
          <input class="seek" type="search" value={sought} aria-label={say("personSeek")} placeholder={say("personSeek")} onInput={(event) => seek(event.currentTarget.value)} />
          <PeopleList all={value} sought={sought} open={keeps ? setOpen : undefined} />
          <Teams teams={value.teams} keeps={keeps} again={again} />
        </>
      )}
      {open && value && <PersonSheet person={open === "new" ? undefined : open} all={value} own={state.staff?.id ?? 0} close={close} />}
    </main>
  );
}

function PeopleList({ all, sought, open }: { all: People; sought: string; open: ((person: Person) => void) | undefined }) {
  const belongs = (person: Person) => [
    person.teams.map((code) => all.teams.find((team) => team.code === code)?.name ?? code).join(", "),
    person.territories.map((code) => territory(all, code)).join(", "),
  ].filter(Boolean).join(" · "); // a team may be called as its territory is
  const fits = (person: Person) =>
    [person.name, person.login, ...person.roles.map(roleName), belongs(person)].join(" ").toLowerCase().includes(sought.trim().toLowerCase());
  const list = all.people.filter(fits);
  return (
    <ul class="rows people">
      {list.map((person) => (
        <li key={person.id} class={person.disabled ? "off" : undefined}>
          <span class="what">
            <strong>{person.name}</strong> <span class="meta">{person.login}</span>
            <span>{person.roles.map(roleName).join(", ") || say("personNoRole")}</span>
            <span class="meta">{belongs(person)}</span>
          </span>
          <span class="tags">
            {person.disabled && <span class="tag">{say("personOff")}</span>}
            {person.temporary && !person.disabled && <span class="tag">{say("personNew")}</span>}
            {person.second ? <span class="tag good">{say("personSecond")}</span> : person.needs_second && <span class="tag bad">{say("personNoSecond")}</span>}
          </span>
          {open && <button type="button" class="quiet" aria-label={say("personOpen", { name: person.name })} onClick={() => open(person)}>{say("change")}</button>}
        </li>
      ))}
      {list.length === 0 && <li class="empty">{say("personNone")}</li>}
    </ul>
  );
}

export function territory(all: People, code: string): string {
  const found = all.territories.find((one) => one.code === code);
  return found ? found.name[document.documentElement.lang === "en" ? "en" : "ru"] : code;
}

function Teams({ teams, keeps, again }: { teams: Team[]; keeps: boolean; again: () => Promise<void> }) {
  const { admin } = useDesk();
  const [code, setCode] = useState("");
  const [name, setName] = useState("");
  const { busy, error, run } = useDo();
  const add = (event: Event) => {
    event.preventDefault();
    void run(async () => {
      await admin.saveTeam({ code, name });
      setCode("");
      setName("");
      await again();
    });
  };
  return (
    <details class="part">
      <summary><h3>{say("teams")} <span class="count">{teams.length}</span></h3></summary>
      <ul class="rows">
        {teams.map((team) => (
          <li key={team.code}>
            <span class="what"><strong>{team.name}</strong> <span class="meta">{team.code}</span></span>
            {keeps && <button type="button" class="quiet" disabled={busy} aria-label={say("teamDropName", { name: team.name })}
              onClick={() => void run(async () => { await admin.dropTeam(team.code); await again(); })}>{say("teamDrop")}</button>}
          </li>
        ))}
      </ul>
      <Trouble text={error} />
      {keeps && (
        <form class="line" onSubmit={add}>
          <label>{say("teamCode")} <input value={code} required pattern="[A-Za-z0-9][A-Za-z0-9\-]*" onInput={(event) => setCode(event.currentTarget.value)} /></label>
          <label>{say("teamName")} <input value={name} required onInput={(event) => setName(event.currentTarget.value)} /></label>
          <button class="quiet" disabled={busy || !code.trim() || !name.trim()}>{say("teamSave")}</button>
        </form>
      )}
    </details>
  );
}
