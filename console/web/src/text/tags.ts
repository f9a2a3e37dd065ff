/** What the list of a resource's tags says. */
export const tags = {
  tab: "Tags",
  of: (name: string) => `Tags of ${name}`,
  key: "Key",
  value: "Value",
  add: "Add tag",
  save: "Save tags",
  saved: "The tags were saved.",
  empty: "There are no tags.",
  twice: "Two tags have this key.",
  most: (count: number) => `${count} tags at most`,
} as const;
