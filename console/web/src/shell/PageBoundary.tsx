import Alert from "@cloudscape-design/components/alert";
import { Component, type ReactNode } from "react";
import { shell } from "../text/shell.ts";

interface Props {
  /** Where the reader is: going elsewhere tries again. */
  place: string;
  children: ReactNode;
}

/** Keeps a page that fails from taking the shell with it. */
export class PageBoundary extends Component<Props, { failure?: Error | undefined }> {
  override state: { failure?: Error | undefined } = {};

  static getDerivedStateFromError(failure: Error) {
    return { failure };
  }

  override componentDidUpdate(before: Props) {
    if (before.place !== this.props.place && this.state.failure !== undefined) {
      this.setState({ failure: undefined });
    }
  }

  override render() {
    const { failure } = this.state;
    if (failure === undefined) {
      return this.props.children;
    }
    return (
      <Alert type="error" header={shell.crashed.title}>
        <p>{shell.crashed.text}</p>
        <pre className="code">{failure.stack ?? failure.message}</pre>
      </Alert>
    );
  }
}
