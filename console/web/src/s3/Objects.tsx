import {
  type _Object,
  DeleteObjectsCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";
import Button from "@cloudscape-design/components/button";
import ButtonDropdown from "@cloudscape-design/components/button-dropdown";
import Header from "@cloudscape-design/components/header";
import Link from "@cloudscape-design/components/link";
import ProgressBar from "@cloudscape-design/components/progress-bar";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Table from "@cloudscape-design/components/table";
import TextFilter from "@cloudscape-design/components/text-filter";
import Toggle from "@cloudscape-design/components/toggle";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { useNavigate, useParams } from "react-router";
import { useClient } from "../aws/client.ts";
import { Confirm } from "../shell/Confirm.tsx";
import { useLookAgain } from "../shell/lookAgain.ts";
import { useNotices } from "../shell/notices.ts";
import { MoreResults, NothingThere } from "../shell/Paged.tsx";
import { usePage } from "../shell/page.ts";
import { TagsModal } from "../shell/TagsModal.tsx";
import { bytes, time } from "../text/format.ts";
import { s3 } from "../text/s3.ts";
import { shell } from "../text/shell.ts";
import { tags } from "../text/tags.ts";
import { addressOf } from "./places.ts";
import { Preview } from "./Preview.tsx";
import { MOST_OBJECT_TAGS, objectTags } from "./tags.ts";
import { upload, type Upload, uploadsOf } from "./uploads.ts";

const text = s3.objects;
const LINK_SECONDS = 3_600;
const UPLOADING = "uploading";

/** A folder, an object, or one of its versions. */
interface Row {
  id: string;
  key: string;
  folder: boolean;
  size?: number;
  modified?: Date;
  storageClass?: string;
  version?: string;
  latest?: boolean;
  marker?: boolean;
}

interface Page {
  rows: Row[];
  next?: string;
  nextVersion?: string;
}

/** What is in a bucket, folder by folder. */
export default function Objects() {
  const { bucket = "", "*": path = "" } = useParams();
  usePage(path === "" ? bucket : lastOf(path), [
    { text: s3.service, href: "/s3" },
    ...(path === "" ? [] : [{ text: bucket, href: `/s3/${bucket}` }]),
    ...foldersAbove(path).map((folder) => ({ text: lastOf(folder), href: addressOf(bucket, folder) })),
  ]);
  const navigate = useNavigate();
  const notices = useNotices();
  const lookAgain = useLookAgain();
  const client = useClient((configuration) => new S3Client({ ...configuration, forcePathStyle: true }));
  const [filter, setFilter] = useState("");
  const [versions, setVersions] = useState(false);
  const [selected, setSelected] = useState<Row[]>([]);
  const [deleting, setDeleting] = useState(false);
  const [previewed, setPreviewed] = useState<Row>();
  const [tagged, setTagged] = useState<Row>();
  const files = useRef<HTMLInputElement>(null);
  const folders = useRef<HTMLInputElement>(null);

  useEffect(() => {
    setFilter("");
    setSelected([]);
  }, [bucket, path]);
  // React knows no such attribute, and browsers choose folders by nothing else.
  useEffect(() => folders.current?.setAttribute("webkitdirectory", ""), []);

  const pages = useInfiniteQuery({
    queryKey: ["objects", bucket, path, filter, versions],
    initialPageParam: {} as { next?: string; nextVersion?: string },
    queryFn: ({ pageParam, signal }) =>
      versions
        ? versionPage(client, bucket, path + filter, path, pageParam, signal)
        : objectPage(client, bucket, path + filter, path, pageParam.next, signal),
    getNextPageParam: (page: Page) =>
      page.next === undefined
        ? undefined
        : { next: page.next, ...(page.nextVersion === undefined ? {} : { nextVersion: page.nextVersion }) },
  });
  const rows = pages.data?.pages.flatMap((page) => page.rows) ?? [];
  const look = () => lookAgain(["objects", bucket]);
  const chosen = selected.filter((row) => rows.some((present) => present.id === row.id));
  const one = chosen.length === 1 && chosen[0]?.folder === false && chosen[0].marker !== true ? chosen[0] : undefined;

  const uploadAll = async (uploads: Upload[]) => {
    if (uploads.length === 0) {
      return;
    }
    const controller = new AbortController();
    const failed = await upload(
      client,
      bucket,
      uploads,
      ({ current, done, total }) =>
        notices.show({
          id: UPLOADING,
          type: "in-progress",
          action: <Button onClick={() => controller.abort()}>{text.stop}</Button>,
          content: (
            <ProgressBar
              variant="flash"
              value={total === 0 ? 100 : (100 * done) / total}
              label={text.uploading(lastOf(current), `${bytes(done)} / ${bytes(total)}`)}
            />
          ),
        }),
      controller.signal,
    );
    notices.dismiss(UPLOADING);
    failed.forEach(({ key, failure }) => notices.failed(text.uploadFailed(key), failure));
    if (controller.signal.aborted) {
      notices.failed(text.uploadStopped, new Error(text.uploadStopped));
    } else if (failed.length < uploads.length) {
      notices.done(text.uploaded(uploads.length - failed.length));
    }
    await look();
  };

  const signedLink = (row: Row, download: boolean) =>
    getSignedUrl(
      client,
      new GetObjectCommand({
        Bucket: bucket,
        Key: row.key,
        VersionId: row.version,
        ResponseContentDisposition: download ? `attachment; filename*=UTF-8''${encodeURIComponent(lastOf(row.key))}` : undefined,
      }),
      { expiresIn: LINK_SECONDS },
    );
  const act = async (action: string, row: Row) => {
    try {
      switch (action) {
        case "preview":
          return setPreviewed(row);
        case "tags":
          return setTagged(row);
        case "link":
          await navigator.clipboard.writeText(await signedLink(row, false));
          return notices.done(text.linkCopied);
        default:
          return window.location.assign(await signedLink(row, true));
      }
    } catch (failure) {
      notices.failed(lastOf(row.key), failure);
    }
  };

  return (
    <div
      onDragOver={(event) => event.preventDefault()}
      onDrop={(event) => {
        event.preventDefault();
        void uploadAll(uploadsOf(event.dataTransfer.files, path));
      }}
    >
      <Table
        variant="full-page"
        items={rows}
        trackBy="id"
        loading={pages.isPending}
        loadingText={shell.loading}
        stickyHeader
        selectionType="multi"
        selectedItems={chosen}
        onSelectionChange={(event) => setSelected(event.detail.selectedItems)}
        isItemDisabled={(row) => row.folder}
        ariaLabels={{
          selectionGroupLabel: path === "" ? bucket : path,
          allItemsSelectionLabel: () => text.selected(chosen.length),
          itemSelectionLabel: (_, row) => row.key,
          tableLabel: path === "" ? bucket : path,
        }}
        header={
          <Header
            variant="awsui-h1-sticky"
            counter={pages.data && `(${rows.length}${pages.hasNextPage ? "+" : ""})`}
            actions={
              <SpaceBetween direction="horizontal" size="xs">
                <Button iconName="refresh" ariaLabel={shell.refresh} onClick={() => void pages.refetch()} />
                <ButtonDropdown
                  disabled={one === undefined}
                  items={[
                    { id: "preview", text: text.preview },
                    { id: "download", text: text.download },
                    { id: "link", text: text.link },
                    { id: "tags", text: tags.tab },
                  ]}
                  onItemClick={(event) => one && void act(event.detail.id, one)}
                >
                  {text.preview}
                </ButtonDropdown>
                <Button disabled={chosen.length === 0} onClick={() => setDeleting(true)}>
                  {text.delete}
                </Button>
                <Button onClick={() => folders.current?.click()}>{text.uploadFolder}</Button>
                <Button variant="primary" onClick={() => files.current?.click()}>
                  {text.upload}
                </Button>
              </SpaceBetween>
            }
          >
            {path === "" ? bucket : lastOf(path)}
          </Header>
        }
        filter={
          <SpaceBetween direction="horizontal" size="m">
            <TextFilter
              filteringText={filter}
              filteringPlaceholder={text.filter}
              filteringAriaLabel={text.filter}
              onChange={(event) => setFilter(event.detail.filteringText)}
            />
            <Toggle checked={versions} onChange={(event) => setVersions(event.detail.checked)}>
              {text.showVersions}
            </Toggle>
          </SpaceBetween>
        }
        empty={<NothingThere fetched={pages} title={text.empty} hint={text.emptyHint} />}
        footer={<MoreResults pages={pages} />}
        columnDefinitions={[
          {
            id: "key",
            header: text.columns.key,
            isRowHeader: true,
            cell: (row) => {
              const name = row.key.slice(path.length);
              return row.marker === true ? (
                name
              ) : (
                <Link
                  href={row.folder ? `/console${addressOf(bucket, row.key)}` : "#"}
                  onFollow={(event) => {
                    event.preventDefault();
                    return row.folder ? navigate(addressOf(bucket, row.key)) : setPreviewed(row);
                  }}
                >
                  {name}
                </Link>
              );
            },
          },
          {
            id: "type",
            header: text.columns.type,
            cell: (row) => (row.folder ? text.folder : row.marker === true ? text.deleteMarker : row.storageClass),
          },
          { id: "modified", header: text.columns.modified, cell: (row) => time(row.modified) },
          { id: "size", header: text.columns.size, cell: (row) => (row.size === undefined ? "" : bytes(row.size)) },
          ...(versions
            ? [
                {
                  id: "version",
                  header: text.columns.version,
                  cell: (row: Row) => `${row.version ?? ""}${row.latest === true ? ` (${text.latest})` : ""}`,
                },
              ]
            : []),
        ]}
      />
      <input
        ref={files}
        className="hidden-input"
        type="file"
        multiple
        aria-label={text.upload}
        onChange={(event) => {
          void uploadAll(uploadsOf(event.target.files, path));
          event.target.value = "";
        }}
      />
      <input
        ref={folders}
        className="hidden-input"
        type="file"
        aria-label={text.uploadFolder}
        onChange={(event) => {
          void uploadAll(uploadsOf(event.target.files, path));
          event.target.value = "";
        }}
      />
      {previewed !== undefined && (
        <Preview
          bucket={bucket}
          objectKey={previewed.key}
          version={previewed.version}
          onDismiss={() => setPreviewed(undefined)}
        />
      )}
      {tagged !== undefined && (
        <TagsModal
          name={tagged.key}
          of={["object", bucket, tagged.id]}
          store={objectTags(client, bucket, tagged.key, tagged.version)}
          most={MOST_OBJECT_TAGS}
          onDismiss={() => setTagged(undefined)}
        />
      )}
      {deleting && (
        <Confirm
          title={text.deleteTitle(chosen.length)}
          message={text.deleteText}
          action={text.delete}
          run={async () => {
            const answer = await client.send(
              new DeleteObjectsCommand({
                Bucket: bucket,
                Delete: { Quiet: true, Objects: chosen.map(({ key, version }) => ({ Key: key, VersionId: version })) },
              }),
            );
            const refused = answer.Errors?.[0];
            if (refused !== undefined) {
              throw Object.assign(new Error(`${refused.Key ?? ""}: ${refused.Message ?? ""}`), { name: refused.Code });
            }
          }}
          onDismiss={() => setDeleting(false)}
          onDone={() => {
            setDeleting(false);
            setSelected([]);
            notices.done(text.deleted(chosen.length));
            void look();
          }}
        />
      )}
    </div>
  );
}

async function objectPage(
  client: S3Client,
  bucket: string,
  prefix: string,
  folder: string,
  token: string | undefined,
  signal: AbortSignal,
): Promise<Page> {
  const answer = await client.send(
    new ListObjectsV2Command({ Bucket: bucket, Prefix: prefix, Delimiter: "/", MaxKeys: 200, ContinuationToken: token }),
    { abortSignal: signal },
  );
  const rows = [
    ...(answer.CommonPrefixes ?? []).map(({ Prefix = "" }): Row => ({ id: Prefix, key: Prefix, folder: true })),
    // An object that is named as the folder itself only marks that there is one.
    ...(answer.Contents ?? []).filter((object) => object.Key !== folder).map(objectRow),
  ];
  return { rows, ...(answer.NextContinuationToken === undefined ? {} : { next: answer.NextContinuationToken }) };
}

function objectRow(object: _Object): Row {
  const key = object.Key ?? "";
  return {
    id: key,
    key,
    folder: false,
    size: object.Size ?? 0,
    storageClass: object.StorageClass ?? "",
    ...(object.LastModified === undefined ? {} : { modified: object.LastModified }),
  };
}

async function versionPage(
  client: S3Client,
  bucket: string,
  prefix: string,
  folder: string,
  from: { next?: string; nextVersion?: string },
  signal: AbortSignal,
): Promise<Page> {
  const answer = await client.send(
    new ListObjectVersionsCommand({
      Bucket: bucket,
      Prefix: prefix,
      Delimiter: "/",
      MaxKeys: 200,
      KeyMarker: from.next,
      VersionIdMarker: from.nextVersion,
    }),
    { abortSignal: signal },
  );
  const versions = (answer.Versions ?? []).map((version): Row => ({
    ...objectRow(version as _Object),
    id: `${version.Key}?${version.VersionId}`,
    version: version.VersionId ?? "",
    latest: version.IsLatest === true,
  }));
  const markers = (answer.DeleteMarkers ?? []).map((marker): Row => ({
    id: `${marker.Key}?${marker.VersionId}`,
    key: marker.Key ?? "",
    folder: false,
    marker: true,
    version: marker.VersionId ?? "",
    latest: marker.IsLatest === true,
    ...(marker.LastModified === undefined ? {} : { modified: marker.LastModified }),
  }));
  const objects = [...versions, ...markers]
    .filter((row) => row.key !== folder)
    .sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : (b.modified?.getTime() ?? 0) - (a.modified?.getTime() ?? 0)));
  return {
    rows: [
      ...(answer.CommonPrefixes ?? []).map(({ Prefix = "" }): Row => ({ id: Prefix, key: Prefix, folder: true })),
      ...objects,
    ],
    ...(answer.NextKeyMarker === undefined ? {} : { next: answer.NextKeyMarker }),
    ...(answer.NextVersionIdMarker === undefined ? {} : { nextVersion: answer.NextVersionIdMarker }),
  };
}

/** The last part of a key or folder, without the slash at its end. */
function lastOf(key: string): string {
  return key.replace(/\/$/, "").split("/").at(-1) ?? key;
}

/** The folders that {@code path} lies in, the outermost first. */
function foldersAbove(path: string): string[] {
  const parts = path.replace(/\/$/, "").split("/").slice(0, -1);
  return parts.map((_, index) => `${parts.slice(0, index + 1).join("/")}/`);
}
