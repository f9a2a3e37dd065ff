import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import Form from "@cloudscape-design/components/form";
import FormField from "@cloudscape-design/components/form-field";
import Grid from "@cloudscape-design/components/grid";
import Header from "@cloudscape-design/components/header";
import Input from "@cloudscape-design/components/input";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { developmentSession, greeting } from "../aws/outcrop.ts";
import { FailureAlert } from "../shell/FailureAlert.tsx";
import { shell } from "../text/shell.ts";
import type { Credentials, Session } from "./session.ts";

/** Asks for an access key; or, on a server for development, for a click. */
export function SignIn({ onSignedIn, onCancel }: { onSignedIn: (session: Session) => void; onCancel?: () => void }) {
  const [accessKeyId, setAccessKeyId] = useState("");
  const [secretAccessKey, setSecretAccessKey] = useState("");
  const [sessionToken, setSessionToken] = useState("");
  const server = useQuery({ queryKey: ["greeting"], queryFn: greeting });
  const region = server.data?.region ?? "us-east-1";
  const signing = useMutation({
    mutationFn: async (credentials: () => Promise<Credentials>) => {
      // The client that asks is not needed to show the form.
      const { identified } = await import("./signing.ts");
      return identified(await credentials(), region);
    },
    onSuccess: onSignedIn,
  });

  useEffect(() => {
    document.title = shell.title(shell.signIn.title);
  }, []);

  const typed = async (): Promise<Credentials> => ({
    accessKeyId: accessKeyId.trim(),
    secretAccessKey: secretAccessKey.trim(),
    ...(sessionToken.trim() === "" ? {} : { sessionToken: sessionToken.trim() }),
  });

  return (
    <main>
      <Box padding={{ vertical: "xxl", horizontal: "m" }}>
        <Grid gridDefinition={[{ colspan: { default: 12, xs: 6, m: 4 }, offset: { default: 0, xs: 3, m: 4 } }]}>
          <SpaceBetween size="l">
            <Box variant="h1" textAlign="center">
              {shell.product}
            </Box>
            {server.data?.developmentSession === true && (
              <Container>
                <SpaceBetween size="s">
                  <Button
                    variant="primary"
                    fullWidth
                    loading={signing.isPending}
                    loadingText={shell.signIn.checking}
                    onClick={() => signing.mutate(developmentSession)}
                  >
                    {shell.signIn.development}
                  </Button>
                  <Box variant="small">{shell.signIn.developmentHint}</Box>
                </SpaceBetween>
              </Container>
            )}
            <form
              onSubmit={(event) => {
                event.preventDefault();
                signing.mutate(typed);
              }}
            >
              <Container header={<Header variant="h2">{shell.signIn.title}</Header>}>
                <Form
                  actions={
                    <SpaceBetween direction="horizontal" size="xs">
                      {onCancel !== undefined && (
                        <Button formAction="none" variant="link" onClick={onCancel}>
                          {shell.cancel}
                        </Button>
                      )}
                      <Button
                        formAction="submit"
                        loading={signing.isPending}
                        disabled={accessKeyId.trim() === "" || secretAccessKey.trim() === ""}
                      >
                        {shell.signIn.submit}
                      </Button>
                    </SpaceBetween>
                  }
                >
                  <SpaceBetween size="m">
                    <Box variant="p">{shell.signIn.intro}</Box>
                    {server.isError && <FailureAlert failure={server.error} retry={() => void server.refetch()} />}
                    {signing.isError && <FailureAlert title={shell.signIn.failed} failure={signing.error} />}
                    <FormField label={shell.signIn.accessKeyId}>
                      <Input
                        value={accessKeyId}
                        autoComplete="username"
                        onChange={(event) => setAccessKeyId(event.detail.value)}
                      />
                    </FormField>
                    <FormField label={shell.signIn.secretAccessKey}>
                      <Input
                        type="password"
                        value={secretAccessKey}
                        autoComplete="current-password"
                        onChange={(event) => setSecretAccessKey(event.detail.value)}
                      />
                    </FormField>
                    <FormField label={shell.signIn.sessionToken} constraintText={shell.signIn.sessionTokenHint}>
                      <Input value={sessionToken} autoComplete={false} onChange={(event) => setSessionToken(event.detail.value)} />
                    </FormField>
                  </SpaceBetween>
                </Form>
              </Container>
            </form>
          </SpaceBetween>
        </Grid>
      </Box>
    </main>
  );
}
