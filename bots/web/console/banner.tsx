// What stands between the operator and the server, and what he need not fear.

import { useDesk } from "./context";
import { Icon } from "./icons";
import type { State } from "./state";
import { say } from "./words";

export function Banner({ state }: { state: State }) {
  const desk = useDesk();
  const { link, notice } = state;
  const lost = link === "offline" || link === "down";
  return (
    <div class="banners" role="status">
      {lost && (
        <p class="banner warn">
          <Icon name="warn" />
          <span>{say(link === "offline" ? "offline" : "reconnecting")}</span>
          <button type="button" class="text" onClick={() => void desk.reread()}>{say("tryNow")}</button>
        </p>
      )}
      {notice && (
        <p class={"banner " + notice.tone}>
          <Icon name={notice.tone === "bad" ? "warn" : "chat"} />
          <span>{notice.text}</span>
          <button type="button" class="text" onClick={() => desk.store.dispatch({ do: "notice", notice: undefined })}>{say("understood")}</button>
        </p>
      )}
    </div>
  );
}
