// Parts of the console that are loaded when somebody opens them.

import type { ComponentType } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { State } from "./state";
import { say } from "./words";

export type Page = ComponentType<{ state: State }>;

/** Shows a page once it is there; a load that fails can be tried again. */
export function OnDemand({ load, state }: { load: () => Promise<Page>; state: State }) {
  const [page, setPage] = useState<{ Shown: Page }>();
  const [failed, setFailed] = useState(false);
  const [tries, setTries] = useState(0);
  useEffect(() => {
    setFailed(false);
    load().then((Shown) => setPage({ Shown }), () => setFailed(true));
  }, [load, tries]);
  if (page) return <page.Shown state={state} />;
  return (
    <main class="page" id="page" tabIndex={-1}>
      {failed ? <p class="trouble" role="alert">{say("failedNetwork")} <button type="button" class="text" onClick={() => setTries(tries + 1)}>{say("retry")}</button></p>
        : <p class="empty" role="status">{say("loading")}</p>}
    </main>
  );
}
