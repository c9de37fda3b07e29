// One's own account: password, second factor, sessions.

import { useState } from "preact/hooks";
import { useDesk } from "../context";
import type { State } from "../state";
import { moment, say } from "../words";
import type { Account, OpenSession } from "./admin";
import { roleName } from "./names";
import { Once, Password, Trouble, useDo, useRead } from "./parts";
import { SetUpSecond } from "./second";

export function AccountPage({ state }: { state: State }) {
  const desk = useDesk();
  const { value: account, failed, again } = useRead(() => desk.admin.account());
  const { staff } = state;
  return (
    <main class="page" id="page" tabIndex={-1}>
      <h2>{staff?.name}</h2>
      <p class="meta">{staff?.login}{staff?.roles.length ? ", " + staff.roles.map(roleName).join(", ") : ""}</p>
      {staff && staff.may.length === 0 && <p>{say("nothingYet")}</p>}
      {failed && <p class="trouble" role="alert">{failed} <button type="button" class="text" onClick={() => void again()}>{say("retry")}</button></p>}
      {!account && !failed && <p class="empty" role="status">{say("loading")}</p>}
      {account && <PasswordPart />}
      {account && <SecondPart account={account} again={again} />}
      {account && <Sessions list={account.sessions} now={state.now} again={again} />}
    </main>
  );
}

function PasswordPart() {
  const [open, setOpen] = useState(false);
  const [done, setDone] = useState(false);
  return (
    <section class="part">
      <h3>{say("password")}</h3>
      {done && <p role="status">{say("passwordChanged")}</p>}
      {open
        ? <NewPassword ask done={() => { setOpen(false); setDone(true); }} leave={() => setOpen(false)} />
        : <button type="button" class="quiet" onClick={() => { setOpen(true); setDone(false); }}>{say("passwordChange")}</button>}
    </section>
  );
}

/** Sets a password of one's own; `ask`: the one before has to be entered. */
export function NewPassword({ ask, done, leave }: { ask: boolean; done: () => void; leave?: () => void }) {
  const { admin } = useDesk();
  const [password, setPassword] = useState("");
  const [fresh, setFresh] = useState("");
  const { busy, error, run } = useDo();
  const submit = (event: Event) => {
    event.preventDefault();
    void run(async () => {
      await admin.setPassword(password, fresh);
      done();
    });
  };
  return (
    <form class="credentials" onSubmit={submit}>
      {ask && <Password id="password-now" label={say("passwordNow")} value={password} set={setPassword} />}
      <Password id="password-new" label={say("passwordNew")} value={fresh} set={setFresh} fresh />
      <p class="meta">{say("passwordHint")}</p>
      <Trouble text={error} />
      <p class="buttons">
        <button class="act" disabled={busy || !fresh || (ask && !password)}>{say("passwordSet")}</button>
        {leave && <button type="button" class="quiet" onClick={leave}>{say("cancel")}</button>}
      </p>
    </form>
  );
}

function SecondPart({ account, again }: { account: Account; again: () => Promise<void> }) {
  const { admin } = useDesk();
  const [open, setOpen] = useState<"" | "set" | "drop" | "codes">("");
  const [password, setPassword] = useState("");
  const [codes, setCodes] = useState<string[]>();
  const { busy, error, run } = useDo();
  const shut = () => { setOpen(""); setPassword(""); setCodes(undefined); void again(); };
  const submit = (event: Event) => {
    event.preventDefault();
    void run(async () => {
      if (open === "codes") return setCodes((await admin.newRecovery(password)).recovery);
      await admin.dropSecond(password);
      shut();
    });
  };
  return (
    <section class="part">
      <h3>{say("second")}</h3>
      <p>{say(account.second ? "secondIsOn" : "secondIsOff")}</p>
      {account.second && <p class="meta">{say("recoveryLeft", { n: account.recovery })}</p>}
      {open === "set" && <SetUpSecond ask={account.ask} done={shut} leave={shut} />}
      {codes && <><Once label={say("recoveryText")} lines={codes} /><p class="buttons"><button type="button" class="act" onClick={shut}>{say("recoveryKept")}</button></p></>}
      {(open === "drop" || open === "codes") && !codes && (
        <form class="credentials" onSubmit={submit}>
          <p>{say(open === "drop" ? "secondDropText" : "recoveryNewText")}</p>
          <Password id="second-drop" label={say("passwordNow")} value={password} set={setPassword} />
          <Trouble text={error} />
          <p class="buttons">
            <button class="act" disabled={busy || !password}>{say(open === "drop" ? "secondDrop" : "recoveryNew")}</button>
            <button type="button" class="quiet" onClick={shut}>{say("cancel")}</button>
          </p>
        </form>
      )}
      {!open && (
        <p class="buttons">
          <button type="button" class="quiet" onClick={() => setOpen("set")}>{say(account.second ? "secondAgain" : "secondSet")}</button>
          {account.second && <button type="button" class="quiet" onClick={() => setOpen("codes")}>{say("recoveryNew")}</button>}
          {account.second && !account.required && <button type="button" class="quiet" onClick={() => setOpen("drop")}>{say("secondDrop")}</button>}
        </p>
      )}
    </section>
  );
}

function Sessions({ list, now, again }: { list: OpenSession[]; now: number; again: () => Promise<void> }) {
  const { admin } = useDesk();
  const { busy, error, run } = useDo();
  const then = (work: () => Promise<void>) => () => void run(async () => { await work(); await again(); });
  return (
    <section class="part">
      <h3>{say("sessions")}</h3>
      <ul class="rows">
        {list.map((session) => (
          <li key={session.id}>
            <span class="what">
              <strong>{browser(session.agent)}</strong>
              <span class="meta">{say("sessionSince", { at: moment(session.since, now), address: session.address })}</span>
            </span>
            {session.own ? <span class="meta">{say("sessionOwn")}</span>
              : <button type="button" class="quiet" disabled={busy} onClick={then(() => admin.endSession(session.id))}>{say("sessionEnd")}</button>}
          </li>
        ))}
      </ul>
      <Trouble text={error} />
      {list.length > 1 && <button type="button" class="quiet" disabled={busy} onClick={then(() => admin.endOthers())}>{say("sessionsEnd")}</button>}
    </section>
  );
}

/** What a browser is commonly called; they all call themselves by each other's names. */
export function browser(agent: string): string {
  const names: [RegExp, string][] = [[/Edg\//, "Edge"], [/YaBrowser\//, "Yandex Browser"], [/OPR\//, "Opera"], [/Firefox\//, "Firefox"], [/Chrome\//, "Chrome"], [/Safari\//, "Safari"]];
  const systems: [RegExp, string][] = [[/Android/, "Android"], [/iPhone|iPad/, "iOS"], [/Windows/, "Windows"], [/Mac OS/, "macOS"], [/Linux/, "Linux"]];
  const of = (list: [RegExp, string][]) => list.find(([mark]) => mark.test(agent))?.[1];
  return [of(names) ?? say("sessionUnknown"), of(systems)].filter(Boolean).join(", ");
}
