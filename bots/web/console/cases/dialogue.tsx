// The dialog from which a case came, to be read.

import { useEffect } from "preact/hooks";
import { useDesk } from "../context";
import { LogView } from "../logview";
import type { Handoff } from "../protocol";
import type { State } from "../state";
import { say } from "../words";

export function Dialogue({ state, conversation }: { state: State; conversation: string }) {
  const desk = useDesk();
  useEffect(() => void desk.logs.read(conversation), [conversation]);
  // What the view wants to know of a call, though nobody has called.
  const read: Handoff = {
    id: 0, conversation, channel: conversation.split(":")[0] ?? "", customer: say("customer"), topic: "", since: "", state: "closed", position: "",
  };
  return <div class="dialogue"><LogView state={state} handoff={read} /></div>;
}
