import { applyMode, Mode } from "@cloudscape-design/global-styles";

export type Appearance = "light" | "dark" | "system";

const KEY = "outcrop.appearance";
const DARK = window.matchMedia("(prefers-color-scheme: dark)");

export function chosenAppearance(): Appearance {
  const stored = localStorage.getItem(KEY);
  return stored === "light" || stored === "dark" ? stored : "system";
}

export function chooseAppearance(appearance: Appearance): void {
  localStorage.setItem(KEY, appearance);
  apply();
}

/** Makes the page light or dark, now and whenever the system's choice changes. */
export function followAppearance(): void {
  apply();
  DARK.addEventListener("change", apply);
}

function apply(): void {
  const appearance = chosenAppearance();
  const dark = appearance === "dark" || (appearance === "system" && DARK.matches);
  applyMode(dark ? Mode.Dark : Mode.Light);
}
