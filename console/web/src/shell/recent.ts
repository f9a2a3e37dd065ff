const KEY = "outcrop.recent";
const MOST = 6;

/** The ids of the services that were opened last, the latest first. */
export function recentServices(): string[] {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(KEY) ?? "[]");
    return Array.isArray(stored) ? stored.filter((id) => typeof id === "string").slice(0, MOST) : [];
  } catch {
    return [];
  }
}

export function visited(id: string): void {
  localStorage.setItem(KEY, JSON.stringify([id, ...recentServices().filter((other) => other !== id)].slice(0, MOST)));
}
