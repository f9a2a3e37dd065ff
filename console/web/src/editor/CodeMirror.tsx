import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { json } from "@codemirror/lang-json";
import { bracketMatching, HighlightStyle, indentOnInput, indentUnit, syntaxHighlighting, syntaxTree } from "@codemirror/language";
import { type Diagnostic, lintGutter, linter, lintKeymap } from "@codemirror/lint";
import { Compartment, EditorState, type Extension } from "@codemirror/state";
import { drawSelection, EditorView, highlightActiveLine, keymap, lineNumbers } from "@codemirror/view";
import { tags } from "@lezer/highlight";
import { useEffect, useRef, useState } from "react";
import { editor as text } from "../text/editor.ts";
import { jsonFault } from "./json.ts";

/** Something wrong with a text, from one character to another. */
export interface Finding {
  from: number;
  to: number;
  severity: "error" | "warning" | "info";
  message: string;
}

interface Props {
  label: string;
  value: string;
  onChange?: (value: string) => void;
  language?: "json" | "text";
  check?: (value: string) => Finding[];
  lines?: { least: number; most: number };
}

const LINE_HEIGHT = 20;
const LINT_DELAY = 300;

/**
 * CodeMirror in a shadow tree of its own: there it adopts its style sheets, while in the page it would write a style
 * element, which the page's policy forbids. The tab key leaves it, as it leaves every field.
 */
export default function CodeMirror({ label, value, onChange, language = "json", check, lines = { least: 6, most: 24 } }: Props) {
  const place = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView>(undefined);
  const [findings, setFindings] = useState<string[]>([]);
  // The editor outlives renderings: it calls what the last one gave it.
  const latest = useRef({ onChange, check });
  latest.current = { onChange, check };
  const [reading] = useState(() => new Compartment());
  const editable = onChange !== undefined;

  useEffect(() => {
    if (place.current === null) {
      return undefined;
    }
    const root = place.current.shadowRoot ?? place.current.attachShadow({ mode: "open" });
    const made = new EditorView({
      root,
      parent: root,
      state: EditorState.create({
        doc: value,
        extensions: [
          lineNumbers(),
          history(),
          drawSelection(),
          highlightActiveLine(),
          bracketMatching(),
          indentOnInput(),
          indentUnit.of("  "),
          EditorState.tabSize.of(2),
          EditorView.lineWrapping,
          syntaxHighlighting(HIGHLIGHTS),
          keymap.of([...defaultKeymap, ...historyKeymap, ...lintKeymap]),
          EditorView.contentAttributes.of({ "aria-label": label }),
          themeOf(lines),
          reading.of(readingOf(editable)),
          EditorView.updateListener.of((update) => {
            if (update.docChanged) {
              latest.current.onChange?.(update.state.doc.toString());
            }
          }),
          ...(language === "json" ? jsonExtensions((content) => latest.current.check?.(content) ?? [], setFindings) : []),
        ],
      }),
    });
    // Whoever has no mouse scrolls it, too.
    made.scrollDOM.tabIndex = 0;
    view.current = made;
    return () => made.destroy();
    // What changes later is given to the editor below; only another language or name is another editor.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [label, language]);

  useEffect(() => {
    const shown = view.current;
    if (shown !== undefined && shown.state.doc.toString() !== value) {
      shown.dispatch({ changes: { from: 0, to: shown.state.doc.length, insert: value } });
    }
  }, [value]);

  useEffect(() => view.current?.dispatch({ effects: reading.reconfigure(readingOf(editable)) }), [editable, reading]);

  return (
    <div>
      <div ref={place} className="code-editor" />
      {findings.length > 0 && (
        <div className="code-findings" role="status" aria-label={text.findings(label)}>
          {findings.map((finding) => (
            <div key={finding}>{finding}</div>
          ))}
        </div>
      )}
    </div>
  );
}

function readingOf(editable: boolean): Extension {
  return EditorState.readOnly.of(!editable);
}

function jsonExtensions(check: (content: string) => Finding[], told: (findings: string[]) => void): Extension[] {
  const found = (view: EditorView): Diagnostic[] => {
    const content = view.state.doc.toString();
    if (content.trim() === "") {
      return [];
    }
    const fault = jsonFault(content);
    return fault === undefined ? check(content) : [{ ...faultPlace(view.state), severity: "error", message: fault }];
  };
  return [
    json(),
    lintGutter(),
    linter(
      (view) => {
        const diagnostics = found(view);
        told(diagnostics.map(({ from, message }) => text.finding(view.state.doc.lineAt(from).number, message)));
        return diagnostics;
      },
      { delay: LINT_DELAY },
    ),
  ];
}

/** Where the grammar stumbles first: what a browser says of broken JSON names no place in short texts. */
function faultPlace(state: EditorState): { from: number; to: number } {
  let from = state.doc.length;
  syntaxTree(state).iterate({
    enter: (node) => {
      if (node.type.isError) {
        from = Math.min(from, node.from);
      }
    },
  });
  return { from, to: Math.min(from + 1, state.doc.length) };
}

const HIGHLIGHTS = HighlightStyle.define([
  { tag: tags.propertyName, color: "var(--code-name)" },
  { tag: tags.string, color: "var(--code-string)" },
  { tag: [tags.number, tags.bool, tags.null], color: "var(--code-number)" },
  { tag: tags.invalid, color: "var(--code-fault)" },
]);

function themeOf({ least, most }: { least: number; most: number }): Extension {
  return EditorView.theme({
    "&": {
      color: "var(--code-text)",
      backgroundColor: "var(--code-background)",
      border: "1px solid var(--code-border)",
      borderRadius: "8px",
      fontSize: "13px",
    },
    "&.cm-focused": { outline: "2px solid var(--code-focus)", outlineOffset: "1px" },
    ".cm-scroller": {
      fontFamily: "Monaco, Menlo, Consolas, 'Courier Prime', Courier, monospace",
      lineHeight: `${LINE_HEIGHT}px`,
      maxHeight: `${most * LINE_HEIGHT + 8}px`,
      overflow: "auto",
    },
    ".cm-content, .cm-gutter": { minHeight: `${least * LINE_HEIGHT + 8}px` },
    ".cm-content": { caretColor: "var(--code-text)" },
    ".cm-cursor": { borderLeftColor: "var(--code-text)" },
    ".cm-gutters": {
      backgroundColor: "var(--code-background)",
      color: "var(--code-quiet)",
      borderRight: "1px solid var(--code-border)",
    },
    ".cm-activeLine, .cm-activeLineGutter": { backgroundColor: "transparent" },
    "&.cm-focused .cm-activeLine": { backgroundColor: "var(--code-line)" },
    "& .cm-selectionBackground, &.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground": {
      backgroundColor: "var(--code-selection)",
    },
    ".cm-tooltip": {
      color: "var(--code-text)",
      backgroundColor: "var(--code-background)",
      border: "1px solid var(--code-border)",
    },
  });
}
