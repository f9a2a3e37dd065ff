import AttributeEditor from "@cloudscape-design/components/attribute-editor";
import Button from "@cloudscape-design/components/button";
import Input from "@cloudscape-design/components/input";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { type QueryKey, useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { shell } from "../text/shell.ts";
import { tags as text } from "../text/tags.ts";
import { FailureAlert } from "./FailureAlert.tsx";
import { Loading } from "./Loading.tsx";
import { useNotices } from "./notices.ts";

export interface Tag {
  key: string;
  value: string;
}

/** What a reader has made of a resource's tags. */
export interface TagChange {
  /** All that it is to have. */
  all: Tag[];
  /** Those of them that are new or have another value. */
  put: Tag[];
  /** The keys of those that it is not to have any more. */
  removed: string[];
}

/** Where a resource's tags are. */
export interface TagStore {
  load: (signal: AbortSignal) => Promise<Tag[]>;
  save: (change: TagChange) => Promise<unknown>;
}

interface Props {
  /** What tells the resource from others. */
  of: QueryKey;
  store: TagStore;
  most?: number;
}

/** The tags of a resource, to be changed. */
export function Tags({ of, store, most = 50 }: Props) {
  const notices = useNotices();
  const [draft, setDraft] = useState<Tag[]>();
  const stored = useQuery({ queryKey: ["tags", ...of], queryFn: ({ signal }) => store.load(signal) });
  const saving = useMutation({
    mutationFn: (all: Tag[]) => store.save(changeOf(stored.data ?? [], all)),
    onSuccess: async () => {
      await stored.refetch();
      setDraft(undefined);
      notices.done(text.saved);
    },
  });
  if (stored.isPending) {
    return <Loading />;
  }
  if (stored.isError) {
    return <FailureAlert failure={stored.error} retry={() => void stored.refetch()} />;
  }
  const shown = draft ?? stored.data;
  const alter = (place: number, part: Partial<Tag>) =>
    setDraft(shown.map((tag, index) => (index === place ? { ...tag, ...part } : tag)));
  const keys = shown.map(({ key }) => key);
  const wrong = (key: string) => key === "" || keys.indexOf(key) !== keys.lastIndexOf(key);
  return (
    <SpaceBetween size="m">
      {saving.isError && <FailureAlert failure={saving.error} />}
      <AttributeEditor
        items={shown}
        empty={text.empty}
        addButtonText={text.add}
        removeButtonText={shell.remove}
        removeButtonAriaLabel={({ key }) => `${shell.remove} ${key}`}
        disableAddButton={shown.length >= most}
        additionalInfo={text.most(most)}
        onAddButtonClick={() => setDraft([...shown, { key: "", value: "" }])}
        onRemoveButtonClick={(event) => setDraft(shown.filter((_, index) => index !== event.detail.itemIndex))}
        definition={[
          {
            label: text.key,
            errorText: ({ key }) => (key !== "" && wrong(key) ? text.twice : undefined),
            control: ({ key }, index) => (
              <Input value={key} onChange={(event) => alter(index, { key: event.detail.value })} />
            ),
          },
          {
            label: text.value,
            control: ({ value }, index) => (
              <Input value={value} onChange={(event) => alter(index, { value: event.detail.value })} />
            ),
          },
        ]}
      />
      <Button
        variant="primary"
        disabled={draft === undefined || keys.some(wrong)}
        loading={saving.isPending}
        onClick={() => draft !== undefined && saving.mutate(draft)}
      >
        {text.save}
      </Button>
    </SpaceBetween>
  );
}

function changeOf(before: readonly Tag[], all: Tag[]): TagChange {
  return {
    all,
    put: all.filter(({ key, value }) => !before.some((tag) => tag.key === key && tag.value === value)),
    removed: before.map(({ key }) => key).filter((key) => !all.some((tag) => tag.key === key)),
  };
}

/** A tag as most services have it. */
export function tagOf({ Key = "", Value = "" }: { Key?: string | undefined; Value?: string | undefined }): Tag {
  return { key: Key, value: Value };
}

/** A tag as most services take it. */
export function capital({ key, value }: Tag): { Key: string; Value: string } {
  return { Key: key, Value: value };
}
