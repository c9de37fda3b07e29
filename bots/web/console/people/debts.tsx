// What somebody has to do before anything else: set a password of his own, set
// up a second factor.

import { useEffect, useState } from "preact/hooks";
import { useDesk } from "../context";
import { Sign } from "../icons";
import type { State } from "../state";
import { say } from "../words";
import { NewPassword } from "./account";
import { useRead } from "./parts";
import { SetUpSecond } from "./second";

export function Debts({ state }: { state: State }) {
  const desk = useDesk();
  const owes = state.staff?.owes[0];
  const { value: account, again } = useRead(() => desk.admin.account());
  const [step, setStep] = useState(0);
  const paid = async () => {
    await desk.renew();
    await again();
    setStep(step + 1);
  };
  useEffect(() => window.scrollTo(0, 0), [owes]);
  return (
    <main class="sign-in">
      <Sign />
      <h1>{say(owes === "password" ? "debtPassword" : "debtSecond")}</h1>
      <p class="meta">{say(owes === "password" ? "debtPasswordText" : "debtSecondText")}</p>
      <div class="credentials debt" key={`${owes}${step}`}>
        {account && (owes === "password"
          ? <NewPassword ask={account.ask} done={() => void paid()} />
          : <SetUpSecond ask={account.ask} done={() => void paid()} />)}
        <p class="buttons"><button type="button" class="text" onClick={() => void desk.signOut()}>{say("signOut")}</button></p>
      </div>
    </main>
  );
}
