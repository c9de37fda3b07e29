// Drawings of strokes in a field of 24 × 24.

const paths = {
  attach: "M20 11.500l-8 8a5 5 0 0 1-7-7l8.500-8.500a3.500 3.500 0 0 1 5 5L10 17.500a2 2 0 0 1-3-3l7.500-7.500",
  back: "M15 5l-7 7 7 7",
  bell: "M6 17V11a6 6 0 0 1 12 0v6l1.500 1.500h-15zM10 21h4",
  bellOff: "M6 17v-6M8 6.500A6 6 0 0 1 18 11v4M6 17l-1.500 1.500H18M10 21h4M4 4l16 16",
  bot: "M5 9h14v10H5zM12 9V5M9 13v2M15 13v2M2.500 13v3M21.500 13v3",
  button: "M4 7h16v10H4zM8 12h8",
  call: "M5 12a7 7 0 0 1 14 0M5 12v4h3v-4zM19 12v4h-3v-4zM17.500 16v2l-4 2",
  card: "M4 5h16v14H4zM15 5v14M7 9h5M7 13h5",
  chat: "M4 5h16v11H11l-5 4v-4H4z",
  check: "M5 13l4.500 4.500L19 7",
  clock: "M12 4a8 8 0 1 0 .01 0M12 8v4.500l3 2",
  close: "M6 6l12 12M18 6L6 18",
  down: "M12 5v14M6 13l6 6 6-6",
  exit: "M13 4h6v16h-6M4 12h10M10 8l4 4-4 4",
  file: "M6 3h8l5 5v13H6zM14 3v5h5",
  hand: "M4 13l5 5L20 7",
  help: "M9 9a3 3 0 1 1 4.500 2.600c-1 .6-1.500 1.200-1.500 2.400M12 17.500v.5",
  late: "M12 4a8 8 0 1 0 .01 0M12 8v4.500l3 2",
  lock: "M6 11h12v9H6zM8.500 11V8a3.500 3.500 0 0 1 7 0v3",
  minus: "M6 12h12",
  moon: "M19 14.500A8 8 0 0 1 9.500 5a8 8 0 1 0 9.500 9.500z",
  plane: "M21 4L3 11.500l5.500 2L18 7l-7 8v5l3-3.500 4 2.500z",
  plus: "M12 6v12M6 12h12",
  returned: "M9 6L4 11l5 5M4 11h10a6 6 0 0 1 6 6v1",
  send: "M4 12l16-8-5 17-3.500-7z",
  sun: "M12 8a4 4 0 1 0 .01 0M12 3v2M12 19v2M3 12h2M19 12h2M5.600 5.600L7 7M17 17l1.400 1.400M5.600 18.400L7 17M17 7l1.400-1.400",
  warn: "M12 4l9 16H3zM12 10v4.500M12 17v.5",
  window: "M4 10a8 7 0 0 1 16 0v10H4zM12 3v17M4 12h16M2.500 20h19",
} as const;

export type IconName = keyof typeof paths;

export function Icon({ name }: { name: IconName }) {
  return <svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><path d={paths[name]} /></svg>;
}

/** A service window with the light on. */
export function Sign() {
  return (
    <svg class="sign" viewBox="0 0 24 24" aria-hidden="true">
      <path class="lit" d="M4 12h8v8H4z" />
      <path d={paths.window} />
    </svg>
  );
}
