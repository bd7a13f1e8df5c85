import { html, type Html } from '@atlas/runtime/html';
import { partBars } from './bars.ts';
import { count, counted, duration, instant, key, sentence } from './format.ts';
import { documentOf } from './layout.ts';
import { person } from './orders.ts';
import { nothing, table } from './parts.ts';
import { linkTo, type BodyOf, type QueryOf, type Viewer } from './report.ts';

type Body = BodyOf<'getApprovalWorkload'>;

export function getApprovalWorkload(body: Body, query: QueryOf<'getApprovalWorkload'>, viewer: Viewer): string {
  const { meta, pending, oldest, deciders } = body;
  return documentOf({
    id: 'getApprovalWorkload',
    viewer,
    meta,
    query: { ...query },
    content: html`<h2>Waiting now</h2>
      ${
        pending.every(({ waiting }) => waiting === 0)
          ? nothing('Nothing waits for a decision. Requests appear here until somebody decides, or their time ends.')
          : html`${picture(pending)}${pendingTable(pending)}`
      }
      ${
        oldest.length > 0 &&
        html`<h2>Oldest requests</h2>
          ${oldestTable(oldest, viewer)}`
      }
      <h2>Decided in the last 30 days</h2>
      ${
        deciders.length === 0
          ? nothing('Nobody has decided anything in the last 30 days. Deciders appear here with their first decision.')
          : deciderTable(deciders)
      }`,
  });
}

function picture(pending: Body['pending']): Html {
  return partBars({
    id: 'waiting',
    title: 'Requests that wait',
    description: pending
      .map(
        ({ subjectType, waiting, overdue }) =>
          `${sentence(subjectType)}: ${count(waiting)} waiting, ${count(overdue)} overdue`,
      )
      .join('; '),
    whole: 'Waiting',
    part: 'Past the deadline',
    partFill: 'var(--bar-alert)',
    rows: pending.map(({ subjectType, waiting, overdue }) => ({
      label: sentence(subjectType),
      whole: waiting,
      part: overdue,
      text: `${count(waiting)} waiting, ${count(overdue)} past the deadline`,
    })),
  });
}

function pendingTable(pending: Body['pending']): Html {
  return table(
    { id: 'pending', caption: 'Requests that wait, by what they are about' },
    [
      { head: 'About', cell: ({ subjectType }) => sentence(subjectType) },
      { head: 'Waiting', kind: 'num', cell: ({ waiting }) => count(waiting) },
      { head: 'Past the deadline', kind: 'num', cell: ({ overdue }) => count(overdue) },
      { head: 'Escalated', kind: 'num', cell: ({ escalated }) => count(escalated) },
      { head: 'Oldest since (UTC)', cell: ({ oldestSince }) => oldestSince !== undefined && instant(oldestSince) },
    ],
    pending,
  );
}

function oldestTable(oldest: Body['oldest'], viewer: Viewer): Html {
  return table(
    { id: 'oldest', caption: `${counted(oldest.length, 'request')}, the oldest first` },
    [
      {
        head: 'About',
        cell: ({ subjectType, subjectId }) =>
          html`${sentence(subjectType)}
          ${
            subjectType === 'ORDER'
              ? linkTo(viewer, 'getOrderTimeline', key(subjectId), {}, { orderId: subjectId })
              : key(subjectId)
          }`,
      },
      { head: 'Requested by', kind: 'name', cell: ({ requesterId }) => person(requesterId) },
      { head: 'Requested (UTC)', cell: ({ requestedAt }) => instant(requestedAt) },
      { head: 'Deadline (UTC)', cell: ({ dueAt }) => instant(dueAt) },
      {
        head: 'Escalated?',
        cell: ({ escalated }) => (escalated ? html`<span class="state alert">Yes</span>` : 'No'),
      },
      { head: 'Request', cell: ({ approvalId }) => key(approvalId) },
    ],
    oldest,
  );
}

function deciderTable(deciders: Body['deciders']): Html {
  return table(
    { id: 'deciders', caption: 'Who decided, those with the most decisions first' },
    [
      { head: 'Who', kind: 'name', cell: ({ actorId }) => person(actorId) },
      { head: 'Approved', kind: 'num', cell: ({ approved }) => count(approved) },
      { head: 'Rejected', kind: 'num', cell: ({ rejected }) => count(rejected) },
      { head: 'Half of them within', kind: 'num', cell: ({ medianSeconds }) => duration(medianSeconds) },
    ],
    deciders,
  );
}
