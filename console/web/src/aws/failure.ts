/** What went wrong, in the terms of AWS. */
export interface CallFailure {
  code: string;
  message: string;
  requestId?: string;
  status?: number;
}

interface Thrown {
  name?: unknown;
  message?: unknown;
  $metadata?: { requestId?: string; httpStatusCode?: number };
  $response?: { statusCode?: number };
}

/** What a client of the SDK, or the browser, has thrown. */
export function failureOf(thrown: unknown): CallFailure {
  if (thrown instanceof OutcropError) {
    return thrown.failure;
  }
  const error = thrown as Thrown;
  const metadata = error.$metadata;
  const unanswered = thrown instanceof TypeError && metadata === undefined;
  const failure: CallFailure = {
    code: unanswered ? "NetworkError" : typeof error.name === "string" ? error.name : "Error",
    message: typeof error.message === "string" ? error.message : String(thrown),
  };
  if (metadata?.requestId !== undefined) failure.requestId = metadata.requestId;
  if (metadata?.httpStatusCode !== undefined) failure.status = metadata.httpStatusCode;
  return failure;
}

/** A failure of the server's own interface. */
export class OutcropError extends Error {
  readonly failure: CallFailure;

  constructor(failure: CallFailure) {
    super(failure.message);
    this.failure = failure;
  }
}
