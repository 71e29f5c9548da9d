/** An answer that refuses, as AWS words it: the HTTP status and the error's type. */
export class ServiceError extends Error {
  readonly status: number;
  readonly type: string;

  constructor(status: number, type: string, message: string) {
    super(message);
    this.name = 'ServiceError';
    this.status = status;
    this.type = type;
  }
}

/** The caller asked for what cannot be: Batch's ClientException (HTTP 400). */
export function clientError(message: string): ServiceError {
  return new ServiceError(400, 'ClientException', message);
}

/** What CloudWatch Logs says of a log group or stream it does not have. */
export function resourceNotFound(message: string): ServiceError {
  return new ServiceError(400, 'ResourceNotFoundException', message);
}
