// The rules of booking, one by one.

import { useState } from "preact/hooks";
import { useDesk } from "../context";
import { Trouble, useDo } from "../people/parts";
import { say } from "../words";
import type { Rule } from "./api";
import { ruleName } from "./shown";

export function RulesPart({ rules, keeps, again }: { rules: Rule[]; keeps: boolean; again: () => Promise<void> }) {
  return (
    <details class="part">
      <summary><h3>{say("rulesTitle")}</h3></summary>
      <p class="meta">{say("rulesText")}</p>
      <ul class="rows">{rules.map((rule) => <RuleRow key={rule.name + rule.value} rule={rule} keeps={keeps} again={again} />)}</ul>
    </details>
  );
}

function RuleRow({ rule, keeps, again }: { rule: Rule; keeps: boolean; again: () => Promise<void> }) {
  const { planner } = useDesk();
  const [value, setValue] = useState(rule.value);
  const { busy, error, run } = useDo();
  const name = ruleName(rule.name);
  const save = (event: Event) => {
    event.preventDefault();
    void run(async () => {
      try {
        await planner.setRule(rule.name, rule.value, value);
      } finally {
        await again();
      }
    });
  };
  return (
    <li>
      <form class="rule" onSubmit={save}>
        <label for={"rule-" + rule.name}>{name} <span class="meta">{say("ruleStandard", { n: rule.standard })}</span></label>
        {keeps ? <input id={"rule-" + rule.name} type="number" required min={rule.least} max={rule.most} value={value} onInput={(event) => setValue(event.currentTarget.valueAsNumber)} /> : <output id={"rule-" + rule.name}>{rule.value}</output>}
        {keeps && value !== rule.value && <button class="quiet" disabled={busy}>{say("save")}</button>}
        <Trouble text={error} />
      </form>
    </li>
  );
}
