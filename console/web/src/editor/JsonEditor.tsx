import { lazy, Suspense } from "react";
import { Loading } from "../shell/Loading.tsx";
import type { Finding } from "./CodeMirror.tsx";

export type { Finding };

const CodeMirror = lazy(() => import("./CodeMirror.tsx"));

interface Props {
  /** What the field is called: said to those who hear the page. A FormField around it shows it to the others. */
  label: string;
  value: string;
  /** Without it, the text can be read and not changed. */
  onChange?: (value: string) => void;
  /** Text of a language that is not JSON is not checked. */
  language?: "json" | "text";
  /** Finds more in a text than that it is no JSON; asked when the text is JSON. */
  check?: (value: string) => Finding[];
  /** The least and the most lines that are shown without scrolling. */
  lines?: { least: number; most: number };
}

/** An editor for JSON and the like, which comes when it is first shown. Its errors stand below it in words, too. */
export function JsonEditor(props: Props) {
  return (
    <Suspense fallback={<Loading />}>
      <CodeMirror {...props} />
    </Suspense>
  );
}
