import Link from "@cloudscape-design/components/link";
import { useNavigate } from "react-router";

/** A link to another page of the console, which is opened without loading the console anew. */
export function PageLink({ to, children }: { to: string; children: string }) {
  const navigate = useNavigate();
  return (
    <Link
      href={`/console${to}`}
      onFollow={(event) => {
        event.preventDefault();
        navigate(to);
      }}
    >
      {children}
    </Link>
  );
}
