// Short answers offered under a reply: the customer presses instead of typing.

import { useDesk } from "./context";
import { focusComposer, focusOn } from "./focus";
import { Icon } from "./icons";
import { say } from "./words";

const MOST = 6;
/** As much as a button shows in every channel. */
const LONGEST = 40;

export function Choices({ conversation, choices }: { conversation: string; choices: string[] }) {
  const desk = useDesk();
  const set = (next: string[]) => desk.edit(conversation, { choices: next.length ? next : undefined });
  const focus = (i: number) => focusOn(`choice-${i}`);
  const add = () => {
    if (choices.length >= MOST) return;
    set([...choices, ""]);
    focus(choices.length);
  };
  const key = (event: KeyboardEvent, i: number) => {
    if (event.key === "Enter") {
      event.preventDefault(); // a half-made reply is not sent from here
      if (choices[i + 1] !== undefined) focus(i + 1);
      else if (choices[i]?.trim()) add();
    } else if (event.key === "Backspace" && !choices[i]) {
      event.preventDefault();
      set(choices.filter((_, j) => j !== i));
      if (i) focus(i - 1);
      else focusComposer();
    }
  };
  return (
    <fieldset class="choices">
      <legend>{say("choicesLegend")}</legend>
      {choices.map((choice, i) => (
        <span class="choice" key={i}>
          <input id={`choice-${i}`} value={choice} maxLength={LONGEST} size={Math.max(8, choice.length)} aria-label={say("choiceField", { n: i + 1 })}
            placeholder={say("choicePlaceholder")} onKeyDown={(event) => key(event, i)}
            onInput={(event) => set(choices.map((old, j) => j === i ? event.currentTarget.value : old))} />
          <button type="button" class="plain" aria-label={say("choiceRemove", { n: i + 1 })} onClick={() => set(choices.filter((_, j) => j !== i))}><Icon name="close" /></button>
        </span>
      ))}
      {choices.length < MOST && <button type="button" class="plain" aria-label={say("choiceAdd")} title={say("choiceAdd")} onClick={add}><Icon name="plus" /></button>}
    </fieldset>
  );
}
