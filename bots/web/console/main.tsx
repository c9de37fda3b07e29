// The staff console's page.

import { render } from "preact";
import { App } from "./app";
import { Desk } from "./desk";
import { loadSettings } from "./saved";
import { Store } from "./store";
import { speak } from "./words";

const settings = loadSettings();
await speak(settings.language).catch(() => {}); // the page speaks Russian rather than not at all
const desk = new Desk(new Store({ settings }));
const root = document.getElementById("console");
if (root) {
  render(<App desk={desk} />, root);
  void desk.open();
}
