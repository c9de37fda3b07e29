// Where the keyboard goes after something has changed.

/** Focuses something once the change that shows it is on the screen. */
export function focusOn(id: string): void {
  setTimeout(() => document.getElementById(id)?.focus()); // views are drawn in a microtask
}

export const focusComposer = (): void => focusOn("composer");
/** The open dialog in the list. */
export const focusRow = (): void => focusOn("current");
