// The bar on top: whose desk it is, how it is connected, what it should do.

import { useDesk } from "./context";
import { Icon, Sign } from "./icons";
import { Sections } from "./sections";
import { sectionOf, type State } from "./state";
import { say } from "./words";

export function Bar({ state }: { state: State }) {
  const desk = useDesk();
  const { sound, scheme } = state.settings;
  const dark = document.documentElement.dataset.scheme === "dark";
  const set = (change: Partial<State["settings"]>) => desk.store.dispatch({ do: "settings", change });
  return (
    <header class="bar">
      <Sign />
      <h1>{say("brand")}</h1>
      <Sections state={state} />
      <p class="link" data-link={state.link}>{say(state.link === "live" ? "linkLive" : state.link === "slow" ? "linkSlow" : "linkNone")}</p>
      <button type="button" class="plain staff" aria-current={sectionOf(state) === "account" ? "page" : undefined} onClick={() => desk.go("account")}
        title={say("account")}>{state.staff?.name}</button>
      <button type="button" class="plain" aria-pressed={sound} onClick={() => set({ sound: !sound })}
        aria-label={say("sound")} title={say(sound ? "soundOn" : "soundOff")}>
        <Icon name={sound ? "bell" : "bellOff"} />
      </button>
      <button type="button" class="plain" onClick={() => set({ scheme: scheme === "auto" ? dark ? "light" : "dark" : "auto" })}
        aria-label={say("scheme")} title={say(scheme === "auto" ? "schemeAuto" : scheme === "dark" ? "schemeDark" : "schemeLight")}>
        <Icon name={dark ? "moon" : "sun"} />
      </button>
      <button type="button" class="plain" onClick={() => desk.store.dispatch({ do: "sheet", sheet: "help" })}
        aria-label={say("help")} title={say("help") + " (?)"}>
        <Icon name="help" />
      </button>
      <button type="button" class="plain" onClick={() => void desk.signOut()} aria-label={say("signOut")} title={say("signOut")}>
        <Icon name="exit" />
      </button>
    </header>
  );
}
