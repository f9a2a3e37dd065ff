import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import ContentLayout from "@cloudscape-design/components/content-layout";
import Header from "@cloudscape-design/components/header";
import { useNavigate } from "react-router";
import { shell } from "../text/shell.ts";
import { usePage } from "./page.ts";

/** Where an address leads to no page. */
export function NotFound() {
  const navigate = useNavigate();
  usePage(shell.notFound.title);
  return (
    <ContentLayout header={<Header variant="h1">{shell.notFound.title}</Header>}>
      <Box variant="p">{shell.notFound.text}</Box>
      <Button onClick={() => navigate("/")}>{shell.notFound.home}</Button>
    </ContentLayout>
  );
}
