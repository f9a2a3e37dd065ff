import { CreateBucketCommand, DeleteBucketCommand, ListBucketsCommand, PutBucketVersioningCommand, S3Client } from "@aws-sdk/client-s3";
import Button from "@cloudscape-design/components/button";
import Checkbox from "@cloudscape-design/components/checkbox";
import Header from "@cloudscape-design/components/header";
import Link from "@cloudscape-design/components/link";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Table from "@cloudscape-design/components/table";
import TextFilter from "@cloudscape-design/components/text-filter";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useNavigate } from "react-router";
import { useClient } from "../aws/client.ts";
import { useSession } from "../session/session.ts";
import { Deletion } from "../shell/Deletion.tsx";
import { TextField } from "../shell/fields.tsx";
import { FormModal } from "../shell/FormModal.tsx";
import { useLookAgain } from "../shell/lookAgain.ts";
import { useNotices } from "../shell/notices.ts";
import { MoreResults, NothingThere } from "../shell/Paged.tsx";
import { usePage } from "../shell/page.ts";
import { TagsModal } from "../shell/TagsModal.tsx";
import { time } from "../text/format.ts";
import { s3 } from "../text/s3.ts";
import { shell } from "../text/shell.ts";
import { tags } from "../text/tags.ts";
import { bucketTags } from "./tags.ts";

const text = s3.buckets;

/** The account's buckets. */
export default function Buckets() {
  usePage(text.title, [{ text: s3.service, href: "/s3" }]);
  const navigate = useNavigate();
  const notices = useNotices();
  const lookAgain = useLookAgain();
  const client = useClient((configuration) => new S3Client({ ...configuration, forcePathStyle: true }));
  const [prefix, setPrefix] = useState("");
  const [selected, setSelected] = useState<string>();
  const [creating, setCreating] = useState(false);
  const [deleting, setDeleting] = useState(false);
  const [tagging, setTagging] = useState(false);

  const pages = useInfiniteQuery({
    queryKey: ["buckets", prefix],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      client.send(
        new ListBucketsCommand({ MaxBuckets: 100, ContinuationToken: pageParam, Prefix: prefix === "" ? undefined : prefix }),
        { abortSignal: signal },
      ),
    getNextPageParam: (page) => page.ContinuationToken,
  });
  const buckets = pages.data?.pages.flatMap((page) => page.Buckets ?? []) ?? [];
  const chosen = buckets.find((bucket) => bucket.Name === selected);
  const look = () => lookAgain(["buckets"]);

  return (
    <>
      <Table
        variant="full-page"
        items={buckets}
        trackBy="Name"
        loading={pages.isPending}
        loadingText={shell.loading}
        stickyHeader
        selectionType="single"
        selectedItems={chosen === undefined ? [] : [chosen]}
        onSelectionChange={(event) => setSelected(event.detail.selectedItems[0]?.Name)}
        ariaLabels={{
          selectionGroupLabel: text.title,
          itemSelectionLabel: (_, bucket) => bucket.Name ?? "",
          tableLabel: text.title,
        }}
        header={
          <Header
            variant="awsui-h1-sticky"
            counter={pages.data && `(${buckets.length}${pages.hasNextPage ? "+" : ""})`}
            actions={
              <SpaceBetween direction="horizontal" size="xs">
                <Button iconName="refresh" ariaLabel={shell.refresh} onClick={() => void pages.refetch()} />
                <Button disabled={chosen === undefined} onClick={() => setTagging(true)}>
                  {tags.tab}
                </Button>
                <Button disabled={chosen === undefined} onClick={() => setDeleting(true)}>
                  {text.delete}
                </Button>
                <Button variant="primary" onClick={() => setCreating(true)}>
                  {text.create}
                </Button>
              </SpaceBetween>
            }
          >
            {text.title}
          </Header>
        }
        filter={
          <TextFilter
            filteringText={prefix}
            filteringPlaceholder={text.filter}
            filteringAriaLabel={text.filter}
            onDelayedChange={(event) => setPrefix(event.detail.filteringText)}
            onChange={(event) => setPrefix(event.detail.filteringText)}
          />
        }
        empty={<NothingThere fetched={pages} title={text.empty} hint={text.emptyHint} />}
        footer={<MoreResults pages={pages} />}
        columnDefinitions={[
          {
            id: "name",
            header: text.columns.name,
            isRowHeader: true,
            cell: (bucket) => (
              <Link
                href={`/console/s3/${bucket.Name}`}
                onFollow={(event) => {
                  event.preventDefault();
                  navigate(`/s3/${bucket.Name}`);
                }}
              >
                {bucket.Name}
              </Link>
            ),
          },
          { id: "region", header: text.columns.region, cell: (bucket) => bucket.BucketRegion },
          { id: "created", header: text.columns.created, cell: (bucket) => time(bucket.CreationDate) },
        ]}
      />
      {creating && (
        <CreateBucket
          client={client}
          onDismiss={() => setCreating(false)}
          onCreated={(name) => {
            setCreating(false);
            notices.done(text.created(name));
            void look();
          }}
        />
      )}
      {deleting && chosen?.Name !== undefined && (
        <Deletion
          text={text}
          name={chosen.Name}
          run={() => client.send(new DeleteBucketCommand({ Bucket: chosen.Name }))}
          onClose={() => setDeleting(false)}
          onDone={() => {
            setSelected(undefined);
            void look();
          }}
        />
      )}
      {tagging && chosen?.Name !== undefined && (
        <TagsModal
          name={chosen.Name}
          of={["bucket", chosen.Name]}
          store={bucketTags(client, chosen.Name)}
          onDismiss={() => setTagging(false)}
        />
      )}
    </>
  );
}

function CreateBucket(props: { client: S3Client; onDismiss: () => void; onCreated: (name: string) => void }) {
  const { session } = useSession();
  const [name, setName] = useState("");
  const [versioned, setVersioned] = useState(false);
  return (
    <FormModal
      title={text.createTitle}
      submit={text.submit}
      disabled={name === ""}
      onDismiss={props.onDismiss}
      onDone={() => props.onCreated(name)}
      run={async () => {
        await props.client.send(
          new CreateBucketCommand({
            Bucket: name,
            // The first region is the one that a bucket is made in when none is named.
            ...(session.region === "us-east-1"
              ? {}
              : { CreateBucketConfiguration: { LocationConstraint: session.region as "eu-west-1" } }),
          }),
        );
        if (versioned) {
          await props.client.send(
            new PutBucketVersioningCommand({ Bucket: name, VersioningConfiguration: { Status: "Enabled" } }),
          );
        }
      }}
    >
      <TextField label={text.name} hint={text.nameHint} value={name} onChange={setName} />
      <Checkbox checked={versioned} onChange={(event) => setVersioned(event.detail.checked)}>
        {text.versioning}
      </Checkbox>
    </FormModal>
  );
}
