// Small pictures, drawn with one stroke each.

import type { JSX } from "preact";

const PATHS = {
  home: "M4 5h16v14H4zM4 10h16M9 10v9",
  convert: "M4 9h14l-4-4M20 15H6l4 4",
  pay: "M4 4h6v6H4zM14 4h6v6h-6zM4 14h6v6H4zM14 14h2v2M20 14v2M14 20h2M18 18h2v2",
  history: "M12 7v5l3 2M4.5 12a7.5 7.5 0 1 0 2.2-5.300L4 9M4 4v5h5",
  more: "M4 7h16M4 12h16M4 17h16",
  send: "M5 19 19 5M9 5h10v10",
  receive: "M19 5 5 19M15 19H5V9",
  redeem: "M4 9h16v11H4zM3 6h18v3H3zM12 6v14M12 6s-1-3.500-3.500-3.500S6 6 6 6M12 6s1-3.500 3.500-3.500S18 6 18 6",
  hold: "M5 8h14v11H5zM8 8V6a4 4 0 0 1 8 0v2M12 12v3",
  back: "M15 5l-7 7 7 7",
  close: "M6 6l12 12M18 6 6 18",
  next: "M9 5l7 7-7 7",
  check: "M5 12.500 10 17 19 7",
  swap: "M8 4v14l-4-4M16 20V6l4 4",
  copy: "M8 8h11v12H8zM5 16V4h11",
  camera: "M4 7h4l1.500-2h5L16 7h4v12H4zM12 16a3.200 3.200 0 1 0 0-6.400 3.200 3.200 0 0 0 0 6.400",
  clock: "M12 7v5l3 2M12 20a8 8 0 1 0 0-16 8 8 0 0 0 0 16",
  warn: "M12 4 2.800 19.500h18.400zM12 10v4.500M12 17.200h.01",
  key: "M14.500 9.500 20 4M17 7l2 2M10 19a4.500 4.500 0 1 0 0-9 4.500 4.500 0 0 0 0 9",
  wallet: "M4 7h15v12H4zM4 7l11-3v3M15.500 13h.01",
  link: "M10 6H5v13h13v-5M13 4h7v7M20 4l-9 9",
  shop: "M4 10v10h16V10M3 10l2-6h14l2 6M3 10h18M9 20v-6h6v6",
  document: "M6 3h9l4 4v14H6zM14 3v5h5M9 12h7M9 16h7",
  settings: "M4 7h9M17 7h3M4 17h3M11 17h9M15 9.500a2.500 2.500 0 1 0 0-5 2.500 2.500 0 0 0 0 5M9 19.500a2.500 2.500 0 1 0 0-5 2.500 2.500 0 0 0 0 5",
  plus: "M12 5v14M5 12h14",
  chart: "M4 4v16h16M8 16v-4M12 16V8M16 16v-6",
  out: "M10 4H5v16h5M14 8l4 4-4 4M18 12H9",
  snow: "M12 3v18M4.200 7.500l15.600 9M4.200 16.500l15.600-9",
  delete: "M9 5h11v14H9l-6-7zM12 9.500l5 5M17 9.500l-5 5",
  print: "M7 9V4h10v5M7 17H4V9h16v8h-3M7 14h10v6H7z",
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name, size = 22 }: { name: IconName; size?: number }): JSX.Element {
  return (
    <svg class="icon" viewBox="0 0 24 24" width={size} height={size} aria-hidden="true">
      <path d={PATHS[name]} />
    </svg>
  );
}

// The mark of an issuer whom a verifier has checked.
export function VerifiedMark({ label }: { label: string }): JSX.Element {
  return (
    <svg class="verified" viewBox="0 0 24 24" width="16" height="16" role="img" aria-label={label}>
      <title>{label}</title>
      <path d="M12 1.800l2.700 2 3.300-.2 1 3.200 2.800 1.900-1.200 3.100 1.200 3.100-2.800 1.900-1 3.200-3.300-.2-2.700 2-2.700-2-3.300.2-1-3.200L2.200 15l1.200-3.100-1.200-3.200L5 6.800l1-3.200 3.300.2z" />
      <path class="tick" d="M8 12.200l2.700 2.600L16 9.400" />
    </svg>
  );
}
