import ExpandableSection from "@cloudscape-design/components/expandable-section";
import Tabs from "@cloudscape-design/components/tabs";
import { shell } from "../text/shell.ts";
import { Code } from "./Code.tsx";

/** A call in the words of people's tools. */
export interface RequestForms {
  cli: string;
  python: string;
}

/** The call that a page makes, to be copied. */
export function RequestCode({ title, request }: { title: string; request: RequestForms }) {
  return (
    <ExpandableSection variant="container" headerText={title}>
      <Tabs
        i18nStrings={shell.tabs}
        tabs={[
          { id: "cli", label: "AWS CLI", content: <Code label="AWS CLI" text={request.cli} /> },
          { id: "python", label: "Python", content: <Code label="Python" text={request.python} /> },
        ]}
      />
    </ExpandableSection>
  );
}
