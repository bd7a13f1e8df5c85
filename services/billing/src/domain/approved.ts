/** What a decision of Workflow is about. It is valid only for exactly this version. */
export interface Approved {
  readonly subjectVersion: bigint;
  readonly digest: string;
}
