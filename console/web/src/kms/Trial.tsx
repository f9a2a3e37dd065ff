import { DecryptCommand, EncryptCommand, type KMSClient } from "@aws-sdk/client-kms";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import ColumnLayout from "@cloudscape-design/components/column-layout";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { Code } from "../shell/Code.tsx";
import { FailureAlert } from "../shell/FailureAlert.tsx";
import { LongTextField } from "../shell/fields.tsx";
import { kms } from "../text/kms.ts";

const text = kms.trial;

/** Encrypts a text with a key, and decrypts what was. */
export function Trial({ client, id, encrypts }: { client: KMSClient; id: string; encrypts: boolean }) {
  const [plaintext, setPlaintext] = useState("");
  const [ciphertext, setCiphertext] = useState("");
  const [context, setContext] = useState("");
  const encrypting = useMutation({
    mutationFn: () =>
      client.send(
        new EncryptCommand({ KeyId: id, Plaintext: new TextEncoder().encode(plaintext), EncryptionContext: contextOf(context) }),
      ),
    onSuccess: (answer) => setCiphertext(btoa(String.fromCharCode(...(answer.CiphertextBlob ?? [])))),
  });
  const decrypting = useMutation({
    mutationFn: () =>
      client.send(
        new DecryptCommand({ KeyId: id, CiphertextBlob: bytesOf(ciphertext), EncryptionContext: contextOf(context) }),
      ),
  });
  if (!encrypts) {
    return <Box>{text.other}</Box>;
  }
  return (
    <SpaceBetween size="m">
      <LongTextField label={text.context} hint={text.contextHint} rows={2} value={context} onChange={setContext} />
      <ColumnLayout columns={2}>
        <SpaceBetween size="s">
          <LongTextField label={text.plaintext} value={plaintext} onChange={setPlaintext} />
          <Button disabled={plaintext === ""} loading={encrypting.isPending} onClick={() => encrypting.mutate()}>
            {text.encrypt}
          </Button>
          {encrypting.isError && <FailureAlert failure={encrypting.error} />}
        </SpaceBetween>
        <SpaceBetween size="s">
          <LongTextField label={text.ciphertext} value={ciphertext} onChange={setCiphertext} />
          <Button disabled={ciphertext === ""} loading={decrypting.isPending} onClick={() => decrypting.mutate()}>
            {text.decrypt}
          </Button>
          {decrypting.isError && <FailureAlert failure={decrypting.error} />}
          {decrypting.data !== undefined && (
            <Code label={text.decrypted} text={new TextDecoder().decode(decrypting.data.Plaintext)} />
          )}
        </SpaceBetween>
      </ColumnLayout>
    </SpaceBetween>
  );
}

function contextOf(lines: string): Record<string, string> {
  return Object.fromEntries(
    lines
      .split("\n")
      .filter((line) => line.includes("="))
      .map((line) => [line.slice(0, line.indexOf("=")).trim(), line.slice(line.indexOf("=") + 1).trim()]),
  );
}

function bytesOf(base64: string): Uint8Array {
  try {
    return Uint8Array.from(atob(base64.replace(/\s/g, "")), (character) => character.charCodeAt(0));
  } catch {
    throw new Error(text.notBase64);
  }
}
