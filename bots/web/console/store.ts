// The one store: actions in, the state out to whoever watches.

import { reduce, type Action } from "./reduce";
import { initial, type State } from "./state";

export class Store {
  state: State;
  private watchers = new Set<(state: State, before: State) => void>();

  constructor(start: Partial<State> = {}) {
    this.state = { ...initial, ...start };
  }

  dispatch(action: Action): void {
    const before = this.state;
    this.state = reduce(before, action);
    if (this.state !== before) for (const watch of this.watchers) watch(this.state, before);
  }

  /** Calls watch after every change; returns how to stop it. */
  watch(watch: (state: State, before: State) => void): () => void {
    this.watchers.add(watch);
    return () => void this.watchers.delete(watch);
  }
}
