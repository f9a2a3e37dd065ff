import Box from "@cloudscape-design/components/box";
import CopyToClipboard from "@cloudscape-design/components/copy-to-clipboard";
import { shell } from "../text/shell.ts";

/** A piece of code with its label and a button that copies it. */
export function Code({ label, text }: { label: string; text: string }) {
  return (
    <div>
      <Box variant="awsui-key-label">{label}</Box>
      <pre className="code" tabIndex={0} aria-label={label}>
        <Box variant="code">{text}</Box>
      </pre>
      <CopyToClipboard
        copyButtonText={shell.copy}
        copySuccessText={shell.copied}
        copyErrorText={shell.failure.code}
        textToCopy={text}
      />
    </div>
  );
}
