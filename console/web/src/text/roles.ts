export const roles = {
  label: "Service role",
  hint: "Bedrock takes it on to read and write what the work needs.",
  make: "Create a role for me",
  makeHint: "With the rights that this needs and no others",
} as const;
