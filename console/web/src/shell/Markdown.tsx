import Box from "@cloudscape-design/components/box";
import { Fragment, type ReactNode } from "react";

/**
 * Shows what of Markdown people write in notes: headings, paragraphs, lists, code, bold, italics and links. Everything else
 * is shown as it was written; nothing in it becomes HTML of the page.
 */
export function Markdown({ text }: { text: string }) {
  const blocks = text.split(/\n{2,}|(?<=^#{1,6} .*)\n/m).filter((block) => block.trim() !== "");
  return (
    <>
      {blocks.map((block, at) => (
        <Fragment key={at}>{shown(block)}</Fragment>
      ))}
    </>
  );
}

function shown(block: string): ReactNode {
  const heading = /^(#{1,6}) (.*)$/.exec(block.trim());
  if (heading !== null) {
    return <Box variant={heading[1]?.length === 1 ? "h2" : "h3"}>{inline(heading[2] ?? "")}</Box>;
  }
  const lines = block.split("\n").filter((line) => line.trim() !== "");
  if (lines.every((line) => /^\s*([-*]|\d+\.) /.test(line))) {
    return (
      <ul>
        {lines.map((line, at) => (
          <li key={at}>{inline(line.replace(/^\s*([-*]|\d+\.) /, ""))}</li>
        ))}
      </ul>
    );
  }
  return <Box variant="p">{inline(block)}</Box>;
}

const INLINE = /(`[^`]+`|\*\*[^*]+\*\*|\*[^*]+\*|\[[^\]]+\]\(https?:[^)\s]+\))/;

function inline(text: string): ReactNode[] {
  return text.split(INLINE).map((part, at) => {
    if (/^`.+`$/.test(part)) return <code key={at}>{part.slice(1, -1)}</code>;
    if (/^\*\*.+\*\*$/.test(part)) return <strong key={at}>{part.slice(2, -2)}</strong>;
    if (/^\*.+\*$/.test(part)) return <em key={at}>{part.slice(1, -1)}</em>;
    const link = /^\[([^\]]+)\]\((https?:[^)\s]+)\)$/.exec(part);
    return link === null ? (
      part
    ) : (
      <a key={at} href={link[2]} rel="noreferrer noopener" target="_blank">
        {link[1]}
      </a>
    );
  });
}
