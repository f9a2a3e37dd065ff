/** Why a text is no JSON, or nothing if it is. */
export function jsonFault(value: string): string | undefined {
  try {
    JSON.parse(value);
    return undefined;
  } catch (fault) {
    return fault instanceof Error ? fault.message : String(fault);
  }
}

/** JSON laid out in lines; what is no JSON stays as it is. */
export function laidOut(value: string): string {
  try {
    return JSON.stringify(JSON.parse(value), undefined, 2);
  } catch {
    return value;
  }
}
