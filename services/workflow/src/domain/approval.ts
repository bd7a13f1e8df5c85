/** How it began. This never changes. */
export interface Opening {
  readonly approvalId: string;
  /** What it is about. There is at most one per subject. */
  readonly subject: string;
  /** On whose behalf: the `sub` of a token. */
  readonly openedBy: string;
  readonly openedAt: Date;
}

interface At<State extends string> extends Opening {
  readonly state: State;
  /** 1 for a new one, and one more for each committed change. */
  readonly version: bigint;
}

export interface Open extends At<'OPEN'> {}
export interface Closed extends At<'CLOSED'> {
  readonly closedAt: Date;
}
export type Approval = Open | Closed;

/** openApproval, and the event that opens one. */
export function opened(opening: Opening): Open {
  return { state: 'OPEN', version: 1n, ...opening };
}

type Closing =
  | { readonly ok: true; readonly closed: Closed }
  | { readonly ok: false; readonly problem: { readonly code: 'approval-not-open'; readonly detail: string } };

/** closeApproval. */
export function close(approval: Approval, closedAt: Date): Closing {
  switch (approval.state) {
    case 'OPEN':
      return { ok: true, closed: { ...approval, state: 'CLOSED', version: approval.version + 1n, closedAt } };
    case 'CLOSED':
      return { ok: false, problem: { code: 'approval-not-open', detail: `it is ${approval.state}` } };
  }
}
