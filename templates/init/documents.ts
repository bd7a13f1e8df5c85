import { Code, code, ident } from '@atlas/ir';
import { spellings, type NewService } from './newService.ts';

/** README.md of the service: what it owns, and what others may rely on. */
export function readme(service: NewService): Code {
  const { name, one, many, reads, decision } = service;
  const { Pascal, words } = one;
  const { kebab, snake, Pascal: title } = spellings(name);
  const topic = code`atlas.${kebab}.${one.kebab}.v1`;
  const event = reads && ident(reads.message.name);
  return code`# ${title}

Opens and closes ${many.words}. There is at most one per subject, and a closed one is never opened again.
[ADR ${decision.number}](../../docs/adr/${decision.file}) says why it is a service of its own.

Owner: team-${kebab}. Contracts: [REST](../../specs/openapi/${kebab}.yaml), [events](../../specs/asyncapi/${kebab}.yaml).

## What it owns

Database \`${snake}\`. No other service reads or writes there. \`${snake}_owner\` migrates (\`node src/migrate.ts\`), \`${snake}_app\` serves.

| table | what | \`${snake}_app\` may |
| --- | --- | --- |
| \`${many.snake}\` | one row per ${words} | insert; update state, version, closed_at |
| \`atlas_*\` | outbox, inbox and the rest of the plumbing | what the plumbing needs |

## Events

| sends | on \`${topic}\`, key ${one.camel}Id, when |
| --- | --- |
| \`${Pascal}Opened\` | a new one was opened |
| \`${Pascal}Closed\` | one was closed for good |

${
  event
    ? code`| receives | and then |
| --- | --- |
| \`${event}\` | one is opened for the subject of the event, unless it has one |`
    : code`It receives no events yet.`
}

## States

${table(
  ['state', `open${Pascal.text}`, `close${Pascal.text}`, ...(reads ? [reads.message.name] : [])],
  [
    ['none', 'OPEN', `404 \`${one.kebab.text}-not-found\``, ...(reads ? ['OPEN'] : [])],
    ['OPEN', `409 \`${one.kebab.text}-exists\``, 'CLOSED', ...(reads ? ['no-op'] : [])],
    ['CLOSED', `409 \`${one.kebab.text}-exists\``, `409 \`${one.kebab.text}-not-open\``, ...(reads ? ['no-op'] : [])],
  ],
)}

## Invariants

- At most one per subject (\`UNIQUE (subject)\`), however often commands and events arrive.
- Who opened it, when and for which subject never changes: the role of the service has no right to update that.
- \`version\` is 1 for a new one and rises by one with each committed change. It is the ETag.

## On call

| what you see | what it means, what to do |
| --- | --- |
| \`atlas_outbox_oldest_age_seconds\` rises | the broker or the registry is unavailable. Commands still commit; the backlog is sent later |
| readiness says "run \`atlas register\`" | this release sends a schema that the registry does not know: the deploy step is missing |
| dead letters in \`atlas.${kebab}.dlq.v1\` | an event failed for good. The row says why: fix the cause, then replay |
`;
}

/** The stub of its decision record. */
export function decisionRecord({ name, one, many, reads, decision }: NewService): Code {
  const { kebab, Pascal, snake } = spellings(name);
  return code`# ${decision.number}. ${Pascal} as a service

Status: proposed

${Pascal} owns the ${many.words}. It has a database of its own (\`${snake}\`), and other services learn about changes from the topic
\`atlas.${kebab}.${one.kebab}.v1\`.${reads && code` It reads \`${ident(reads.message.name)}\`.`}

Write here, before this is accepted:

- why no existing service should own this;
- which events other services may react to, and what happens if they come late;
- what a new service costs here: a deploy, a database and a team on call.

It adds no technology.
`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): Code {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return new Code([line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n'));
}
