// How a view reaches the desk and the state.

import { createContext } from "preact";
import { useContext, useEffect, useState } from "preact/hooks";
import type { Desk } from "./desk";
import type { State } from "./state";

export const DeskContext = createContext<Desk | undefined>(undefined);

export function useDesk(): Desk {
  const desk = useContext(DeskContext);
  if (!desk) throw new Error("a view outside of the desk");
  return desk;
}

/** The state, anew after each change. */
export function useStore(desk: Desk): State {
  const [state, set] = useState(desk.store.state);
  useEffect(() => {
    set(desk.store.state);
    return desk.store.watch((next) => set(next));
  }, [desk]);
  return state;
}
