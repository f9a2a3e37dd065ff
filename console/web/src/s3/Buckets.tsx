import { CreateBucketCommand, DeleteBucketCommand, ListBucketsCommand, PutBucketVersioningCommand, S3Client } from "@aws-sdk/client-s3";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Checkbox from "@cloudscape-design/components/checkbox";
import FormField from "@cloudscape-design/components/form-field";
import Header from "@cloudscape-design/components/header";
import Input from "@cloudscape-design/components/input";
import Link from "@cloudscape-design/components/link";
import Modal from "@cloudscape-design/components/modal";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Table from "@cloudscape-design/components/table";
import TextFilter from "@cloudscape-design/components/text-filter";
import { useInfiniteQuery, useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useNavigate } from "react-router";
import { useClient } from "../aws/client.ts";
import { useSession } from "../session/session.ts";
import { Confirm } from "../shell/Confirm.tsx";
import { FailureAlert } from "../shell/FailureAlert.tsx";
import { useNotices } from "../shell/notices.ts";
import { MoreResults, NothingThere } from "../shell/Paged.tsx";
import { usePage } from "../shell/page.ts";
import { time } from "../text/format.ts";
import { s3 } from "../text/s3.ts";
import { shell } from "../text/shell.ts";

const text = s3.buckets;

/** The account's buckets. */
export default function Buckets() {
  usePage(text.title, [{ text: s3.service, href: "/s3" }]);
  const navigate = useNavigate();
  const notices = useNotices();
  const queries = useQueryClient();
  const client = useClient((configuration) => new S3Client({ ...configuration, forcePathStyle: true }));
  const [prefix, setPrefix] = useState("");
  const [selected, setSelected] = useState<string>();
  const [creating, setCreating] = useState(false);
  const [deleting, setDeleting] = useState(false);

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
  const look = () => queries.invalidateQueries({ queryKey: ["buckets"] });

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
        <Confirm
          title={text.deleteTitle(chosen.Name)}
          message={text.deleteText}
          action={text.delete}
          run={() => client.send(new DeleteBucketCommand({ Bucket: chosen.Name }))}
          onDismiss={() => setDeleting(false)}
          onDone={() => {
            setDeleting(false);
            setSelected(undefined);
            notices.done(text.deleted(chosen.Name ?? ""));
            void look();
          }}
        />
      )}
    </>
  );
}

function CreateBucket(props: { client: S3Client; onDismiss: () => void; onCreated: (name: string) => void }) {
  const { session } = useSession();
  const [name, setName] = useState("");
  const [versioned, setVersioned] = useState(false);
  const creation = useMutation({
    mutationFn: async () => {
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
    },
    onSuccess: () => props.onCreated(name),
  });
  return (
    <Modal
      visible
      header={text.createTitle}
      closeAriaLabel={shell.close}
      onDismiss={props.onDismiss}
      footer={
        <Box float="right">
          <SpaceBetween direction="horizontal" size="xs">
            <Button variant="link" onClick={props.onDismiss}>
              {shell.cancel}
            </Button>
            <Button variant="primary" disabled={name === ""} loading={creation.isPending} onClick={() => creation.mutate()}>
              {text.submit}
            </Button>
          </SpaceBetween>
        </Box>
      }
    >
      <SpaceBetween size="m">
        {creation.isError && <FailureAlert failure={creation.error} />}
        <FormField label={text.name} constraintText={text.nameHint}>
          <Input value={name} onChange={(event) => setName(event.detail.value)} />
        </FormField>
        <Checkbox checked={versioned} onChange={(event) => setVersioned(event.detail.checked)}>
          {text.versioning}
        </Checkbox>
      </SpaceBetween>
    </Modal>
  );
}
