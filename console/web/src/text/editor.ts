/** What the editor and long lists say. */
export const editor = {
  findings: (label: string) => `What is wrong with ${label}`,
  finding: (line: number, message: string) => `Line ${line}: ${message}`,
} as const;
