/** An error answer of S3: docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html */
export class S3Refusal extends Error {
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}
