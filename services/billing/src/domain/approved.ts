/** What a decision of Workflow is about. It counts only for exactly this version. */
export interface Approved {
  readonly subjectVersion: bigint;
  readonly digest: string;
}
