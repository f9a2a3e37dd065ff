export const comprehend = {
  service: "Amazon Comprehend",
  title: "Real-time analysis",
  description: "What the text names, is about and feels like. Nothing leaves this server.",
  input: "Text",
  inputHint: "At most 100 KB; sentiment is told of 5 KB at most",
  sample:
    "Maria Keller of Northwind Minerals wrote on 3 May 2024 from Lisbon: the new drill is wonderful, but delivery took" +
    " six weeks and support never called back. Her card 4111 1111 1111 1111 was charged twice.",
  language: "Language",
  languages: { en: "English", de: "German", es: "Spanish", fr: "French", it: "Italian", pt: "Portuguese" },
  analyze: "Analyze",
  tabs: {
    entities: "Entities",
    phrases: "Key phrases",
    language: "Language",
    pii: "Personal data",
    sentiment: "Sentiment",
    targeted: "Targeted sentiment",
    syntax: "Syntax",
  },
  columns: { text: "Text", type: "Type", confidence: "Confidence" },
  nothing: "Nothing of the kind is in the text.",
  request: "Request",
  marked: "The text with what was found",
} as const;
