// The launcher's helpers, lent to what it loads: whoever has opened the chat
// has them already.

import type { Lent } from "./launcher";

export const { adopt, drawing, el, sign } = (customElements.get("okoshko-chat") as unknown as { lent: Lent }).lent;
