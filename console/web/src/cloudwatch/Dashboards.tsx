import {
  CloudWatchClient,
  type DashboardEntry,
  DeleteDashboardsCommand,
  ListDashboardsCommand,
  PutDashboardCommand,
} from "@aws-sdk/client-cloudwatch";
import Button from "@cloudscape-design/components/button";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useNavigate } from "react-router";
import { useClient } from "../aws/client.ts";
import { Deletion } from "../shell/Deletion.tsx";
import { TextField } from "../shell/fields.tsx";
import { FormModal } from "../shell/FormModal.tsx";
import { useLookAgain } from "../shell/lookAgain.ts";
import { usePage } from "../shell/page.ts";
import { PageLink } from "../shell/PageLink.tsx";
import { ResourceTable } from "../shell/ResourceTable.tsx";
import { cloudwatch } from "../text/cloudwatch.ts";
import { bytes, time } from "../text/format.ts";
import { shell } from "../text/shell.ts";

const text = cloudwatch.dashboards;

/** The account's dashboards. */
export default function Dashboards() {
  usePage(text.title, [{ text: cloudwatch.service, href: "/cloudwatch/metrics" }]);
  const client = useClient((configuration) => new CloudWatchClient(configuration));
  const navigate = useNavigate();
  const lookAgain = useLookAgain();
  const [selected, setSelected] = useState<DashboardEntry[]>([]);
  const [name, setName] = useState("");
  const [creating, setCreating] = useState(false);
  const [deleting, setDeleting] = useState(false);
  const pages = useInfiniteQuery({
    queryKey: ["dashboards"],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) => client.send(new ListDashboardsCommand({ NextToken: pageParam }), { abortSignal: signal }),
    getNextPageParam: (page) => page.NextToken,
  });
  const chosen = selected[0]?.DashboardName ?? "";

  return (
    <>
      <ResourceTable
        title={text.title}
        items={pages.data?.pages.flatMap((page) => page.DashboardEntries ?? []) ?? []}
        fetched={pages}
        nameOf={(entry) => entry.DashboardName ?? ""}
        find={text.find}
        selected={selected}
        onSelect={setSelected}
        empty={text.empty}
        emptyHint={text.emptyHint}
        actions={
          <>
            <Button disabled={chosen === ""} onClick={() => setDeleting(true)}>
              {shell.delete}
            </Button>
            <Button variant="primary" onClick={() => setCreating(true)}>
              {text.create}
            </Button>
          </>
        }
        columns={[
          {
            id: "name",
            header: text.columns.name,
            isRowHeader: true,
            cell: (entry) => <PageLink to={`/cloudwatch/dashboards/${entry.DashboardName}`}>{entry.DashboardName}</PageLink>,
          },
          { id: "modified", header: text.columns.modified, cell: (entry) => time(entry.LastModified) },
          { id: "size", header: text.columns.size, cell: (entry) => bytes(entry.Size ?? 0) },
        ]}
      />
      {creating && (
        <FormModal
          title={text.create}
          submit={text.create}
          disabled={name === ""}
          run={() => client.send(new PutDashboardCommand({ DashboardName: name, DashboardBody: '{"widgets":[]}' }))}
          onDismiss={() => setCreating(false)}
          onDone={() => navigate(`/cloudwatch/dashboards/${name}`)}
        >
          <TextField label={text.name} hint={text.nameHint} value={name} onChange={setName} />
        </FormModal>
      )}
      {deleting && (
        <Deletion
          text={text}
          name={chosen}
          run={() => client.send(new DeleteDashboardsCommand({ DashboardNames: [chosen] }))}
          onClose={() => setDeleting(false)}
          onDone={() => {
            setSelected([]);
            void lookAgain(["dashboards"]);
          }}
        />
      )}
    </>
  );
}
